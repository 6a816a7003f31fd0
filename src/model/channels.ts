// The messages in flight on networks that deliver a message at most once: one interned inbox for each node.
// An inbox is a bag of packets, a set of them, or a queue for each link, and the messages that its node has
// deferred: at most one for each key, to be delivered again.
//
// Of a queue the oldest K may be delivered next (`Channeled.window`). Among these the order means nothing: which
// may follow depends on which are among the oldest K, not on which of those is the oldest. So they are kept as a
// bag, and of equal ones it does not matter which is delivered.

import type { Json, NodeId } from "../protocol/index.js";
import type { SharedNumbering } from "./dictionary.js";
import type { Inputs } from "./inputs.js";
import { Numbering } from "./intern.js";
import type { Channeled } from "./network.js";
import type { NodeTable } from "./node-table.js";
import type { Partitions } from "./partitions.js";
import { PairTable } from "./tables.js";

/** A packet on its way. `link` is the index of the node that has sent it where links matter, otherwise -1. */
interface PacketInFlight {
  readonly link: number;
  readonly packet: number;
}

interface Inbox {
  readonly waiting: readonly PacketInFlight[];
  readonly deferred: readonly (readonly [key: string, packet: number])[];
}

/** One packet that can be delivered now. */
export interface Deliverable extends PacketInFlight {
  /** The inbox without it. */
  readonly rest: number;
  /** Whether it was deferred before. */
  readonly isDeferred: boolean;
}

/** An inbox as plain data. */
export interface SerializedInbox {
  readonly waiting: readonly { readonly link: number; readonly from: NodeId; readonly message: Json }[];
  readonly deferred: readonly { readonly key: string; readonly from: NodeId; readonly message: Json }[];
}

/** All inboxes of a run. Number 0 is the empty one. */
export class Channels {
  readonly network: Channeled;
  readonly partitions: Partitions;
  readonly #nodes: readonly NodeTable[];
  readonly #inputs: Inputs;
  readonly #inboxes: Inbox[] = [];
  readonly #ids = new Numbering((key) => this.#keep(key));
  readonly #deliverable: (readonly Deliverable[])[] = [];
  /** Per sender and sending: each receiver, and the number of the list of packets that it gets. */
  readonly #batchesOf: (readonly number[])[][];
  readonly #batches: (readonly PacketInFlight[])[] = [];
  readonly #batchIds = new Numbering();
  readonly #appended = new PairTable();
  readonly #held = new Map<string, number>();

  constructor(network: Channeled, nodes: readonly NodeTable[], inputs: Inputs, partitions: Partitions) {
    this.network = network;
    this.partitions = partitions;
    this.#nodes = nodes;
    this.#inputs = inputs;
    this.#batchesOf = nodes.map(() => []);
    this.#id({ waiting: [], deferred: [] });
  }

  /** How many different inboxes there have been. */
  get count(): number {
    return this.#inboxes.length;
  }

  /**
   * What can be delivered from an inbox now: any of a bag, the first of each queue, and whatever was
   * deferred.
   */
  deliverable(inbox: number): readonly Deliverable[] {
    this.#deliverable[inbox] ??= this.#findDeliverable(inbox);
    return this.#deliverable[inbox];
  }

  /**
   * Puts what a node has sent into the inboxes, of which the first stands at `at` of `vector`; not into those
   * that a cut keeps it from.
   */
  send(vector: Int32Array, at: number, from: number, sending: number): void {
    const batchesOf = this.#batchesOf[from] as (readonly number[])[];
    batchesOf[sending] ??= this.#batchesFor(from, sending);
    const batches = batchesOf[sending] as readonly number[];
    const { network, partitions } = this;
    const isCut = network.partitions !== null;
    const blocked = isCut ? partitions.blockedFrom(vector[at + this.#nodes.length] as number, from) : 0;
    for (let index = 0; index < batches.length; index += 2) {
      if ((blocked & (1 << (batches[index] as number))) !== 0) continue;
      const place = at + (batches[index] as number);
      const inbox = vector[place] as number;
      const after = this.#appended.get(inbox, batches[index + 1] as number);
      vector[place] = after >= 0 ? after : this.#append(inbox, batches[index + 1] as number);
    }
  }

  #append(inbox: number, batch: number): number {
    const { waiting, deferred } = this.#inboxes[inbox]!;
    const after = this.#id({ waiting: [...waiting, ...this.#batches[batch]!], deferred });
    this.#appended.set(inbox, batch, after);
    return after;
  }

  /** The inbox with a packet kept under a key; if something is kept there already, the packet is dropped. */
  defer(inbox: number, key: string, packet: number): number {
    const memoKey = `${inbox} ${packet} ${key}`;
    const known = this.#held.get(memoKey);
    if (known !== undefined) return known;
    const { waiting, deferred } = this.#inboxes[inbox]!;
    const isTaken = deferred.some(([other]) => other === key);
    const after = isTaken ? inbox : this.#id({ waiting, deferred: [...deferred, [key, packet]] });
    this.#held.set(memoKey, after);
    return after;
  }

  /** The inbox with one more copy of a packet. */
  doubled(inbox: number, { link, packet }: PacketInFlight): number {
    const { waiting, deferred } = this.#inboxes[inbox]!;
    return this.#id({ waiting: [...waiting, { link, packet }], deferred });
  }

  /** What is left of an inbox when the links from some nodes, a bit mask, break. */
  withoutLinks(inbox: number, senders: number): number {
    const { waiting, deferred } = this.#inboxes[inbox]!;
    return this.#id({ waiting: waiting.filter(({ link }) => (senders & (1 << link)) === 0), deferred });
  }

  /** What is left of an inbox when its node forgets what it has deferred. */
  withoutDeferred(inbox: number): number {
    return this.#id({ waiting: this.#inboxes[inbox]!.waiting, deferred: [] });
  }

  /** An inbox as plain data. */
  serialize(inbox: number): SerializedInbox {
    const { waiting, deferred } = this.#inboxes[inbox]!;
    const content = (packet: number) => ({
      from: this.#inputs.origin(packet),
      message: this.#inputs.content(packet),
    });
    return {
      waiting: waiting.map(({ link, packet }) => ({ link, ...content(packet) })),
      deferred: deferred.map(([key, packet]) => ({ key, ...content(packet) })),
    };
  }

  /** The inbox that {@link serialize} has described, here or in another process. */
  deserialize({ waiting, deferred }: SerializedInbox): number {
    const packetOf = ({ from, message }: { readonly from: NodeId; readonly message: Json }) =>
      this.#inputs.packet(from, this.#inputs.message(message, "the checkpoint", "protocol-malformed"));
    return this.#id({
      waiting: waiting.map((one) => ({ link: one.link, packet: packetOf(one) })),
      deferred: deferred.map((kept) => [kept.key, packetOf(kept)]),
    });
  }

  #findDeliverable(inbox: number): Deliverable[] {
    const { waiting, deferred } = this.#inboxes[inbox]!;
    const { window, isSet } = this.network;
    const inFlight: Deliverable[] = [];
    let place = 0; // in its queue
    for (const [index, { link, packet }] of waiting.entries()) {
      const before = waiting[index - 1]; // they are sorted: equal packets, or those of a link, stand together
      place = before?.link === link ? place + 1 : 0;
      if (window !== null && place >= window) continue;
      if (place > 0 && before?.packet === packet) continue;
      const rest = isSet ? inbox : this.#id({ waiting: waiting.toSpliced(index, 1), deferred });
      inFlight.push({ link, packet, rest, isDeferred: false });
    }
    const kept = deferred.map(([, packet], index): Deliverable => {
      const rest = this.#idOfSorted({ waiting, deferred: deferred.toSpliced(index, 1) });
      return { link: -1, packet, rest, isDeferred: true };
    });
    return [...inFlight, ...kept];
  }

  #batchesFor(from: number, sending: number): number[] {
    const { spec, sendings } = this.#nodes[from]!;
    const link = this.network.window === null ? -1 : from;
    return this.#nodes.flatMap((_, to): number[] => {
      const inFlight = sendings[sending]!.filter(([, recipients]) => recipients & (1 << to)).map(
        ([message]): PacketInFlight => ({ link, packet: this.#inputs.packet(spec.id, message) }),
      );
      if (inFlight.length === 0) return [];
      const { id, isNew } = this.#batchIds.id(inFlight.map(({ packet }) => `${link}:${packet}`).join());
      if (isNew) this.#batches.push(inFlight);
      return [to, id];
    });
  }

  /** Canonical form: sorted by link, and within a bag by packet; within a queue the order stays, but for the oldest K. */
  #id({ waiting, deferred }: Inbox): number {
    const { window, isSet } = this.network;
    const byPacket = (a: PacketInFlight, b: PacketInFlight) => a.packet - b.packet;
    const sorted = [...waiting].sort((a, b) => a.link - b.link || (window === null ? byPacket(a, b) : 0));
    const inFlight = isSet
      ? sorted.filter(({ packet }, index) => packet !== sorted[index - 1]?.packet)
      : window === null || window === 1
        ? sorted
        : withSortedWindows(sorted, window, byPacket);
    const kept = [...deferred].sort(([a], [b]) => (a < b ? -1 : 1));
    return this.#idOfSorted({ waiting: inFlight, deferred: kept });
  }

  #idOfSorted(inbox: Inbox): number {
    let key = "";
    for (const { link, packet } of inbox.waiting) key += `${link}:${packet},`;
    if (inbox.deferred.length > 0) key += `|${JSON.stringify(inbox.deferred)}`;
    const { id, isNew } = this.#ids.id(key);
    if (isNew) this.#inboxes.push(inbox);
    return id;
  }

  /** Keeps an inbox that another thread has numbered. */
  #keep(key: string): void {
    const bar = key.indexOf("|");
    const inFlight = (bar < 0 ? key : key.slice(0, bar)).split(",").slice(0, -1);
    const waiting = inFlight.map((one): PacketInFlight => {
      const [link, packet] = one.split(":").map(Number) as [number, number];
      return { link, packet };
    });
    const deferred = bar < 0 ? [] : (JSON.parse(key.slice(bar + 1)) as Inbox["deferred"]);
    this.#inboxes.push({ waiting, deferred });
  }

  /** What threads have in common. */
  numberings(): SharedNumbering[] {
    return [this.#ids];
  }
}

/** The same with the oldest ones of each link sorted. */
export function withSortedWindows<T extends { readonly link: number }>(
  waiting: readonly T[],
  window: number,
  order: (a: T, b: T) => number,
): T[] {
  const links = [...new Set(waiting.map(({ link }) => link))];
  return links.flatMap((link) => {
    const queue = waiting.filter((one) => one.link === link);
    return [...queue.slice(0, window).sort(order), ...queue.slice(window)];
  });
}
