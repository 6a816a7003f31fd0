// Names by content: 64-bit hashes of what this process's numbers stand for, equal in every process. Choices
// and counts of states use them, so a run is the same whatever was numbered before it.

import { withSortedWindows } from "../../model/channels.js";
import { hashText } from "../../model/hash.js";
import type { TransitionSystem } from "../../model/system.js";
import { typeOf } from "../../model/terms.js";
import { mixed, scramble } from "../dice.js";

/** How many texts of outboxes are cached for each node: a few megabytes. */
const maxTexts = 4096;

/** A growing list of pairs of integers; [0, 0]: unknown. */
class Pairs {
  items = new Int32Array(512);

  has(index: number): boolean {
    if (index * 2 + 1 >= this.items.length) {
      const bigger = new Int32Array(Math.max(this.items.length * 2, index * 4));
      bigger.set(this.items);
      this.items = bigger;
    }
    return ((this.items[index * 2] as number) | (this.items[index * 2 + 1] as number)) !== 0;
  }

  set(index: number, hash: number): void {
    const low = hash | 0;
    this.items[index * 2] = scramble(low ^ Math.floor(hash / 4294967296)) | 1;
    this.items[index * 2 + 1] = low;
  }
}

/** Names by content, for one system. */
export class Content {
  readonly #system: TransitionSystem;
  readonly #components: readonly Pairs[];
  readonly #locals: readonly (number | undefined)[][];
  readonly #observations = new Pairs();
  readonly #inboxes = new Pairs();
  readonly #packets = new Pairs();
  /** By node and message: the packet in which the node sends it. */
  readonly #packetOf: readonly number[][];
  /** By node and outbox. */
  readonly #sentTexts: readonly Map<number, string>[];
  readonly #typeIds = new Map<string, number>();
  readonly #typeOfPacket: number[] = [];
  /** The types of messages seen so far, by number. */
  readonly types: string[] = [];

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#components = system.nodes.map(() => new Pairs());
    this.#locals = system.nodes.map(() => []);
    this.#packetOf = system.nodes.map(() => []);
    this.#sentTexts = system.nodes.map(() => new Map());
  }

  /** The two words of the hash of each component of a node, if {@link component} was called for it. */
  componentHashes(node: number): Int32Array {
    return this.#components[node]!.items;
  }

  /** Computes a component's hash if it is unknown. */
  component(node: number, component: number): void {
    const pairs = this.#components[node] as Pairs;
    if (!pairs.has(component)) pairs.set(component, this.#hashComponent(node, component));
  }

  /** The hash of an observation. */
  observation(observation: number): Int32Array {
    if (!this.#observations.has(observation)) {
      const states = this.#system.observations.monitorStates(observation);
      this.#observations.set(observation, hashText(`o${JSON.stringify(states)}`));
    }
    return this.#observations.items;
  }

  /** The name of a local state of a node: 53 bits. */
  local(node: number, local: number): number {
    const known = this.#locals[node]![local];
    if (known !== undefined) return known;
    const hash = hashText(`${node} ${JSON.stringify(this.#system.nodes[node]!.localIdentity(local))}`);
    this.#locals[node]![local] = hash;
    return hash;
  }

  /** The name of a packet: 32 bits. */
  packet(packet: number): number {
    if (!this.#packets.has(packet)) {
      const input = this.#system.inputOf(packet);
      this.#packets.set(packet, hashText(JSON.stringify(input)));
    }
    return this.#packets.items[packet * 2] as number;
  }

  /** The number of the type of a packet's message: see `types`. (The number is of this process.) */
  type(packet: number): number {
    const known = this.#typeOfPacket[packet];
    if (known !== undefined) return known;
    const input = this.#system.inputOf(packet);
    const name = input.kind === "message" ? typeOf(input.message) : "";
    let id = this.#typeIds.get(name);
    if (id === undefined) {
      id = this.types.push(name) - 1;
      this.#typeIds.set(name, id);
    }
    this.#typeOfPacket[packet] = id;
    return id;
  }

  /** Packets in an order that depends only on their content. */
  sorted(packets: readonly number[]): number[] {
    return [...packets].sort((a, b) => this.packet(a) - this.packet(b) || this.#lower(a) - this.#lower(b));
  }

  /**
   * Packets by the type of their messages (there are many new-views, and few others), both in an order of
   * content.
   */
  byType(packets: readonly number[]): readonly Int32Array[] {
    const groups = new Map<string, number[]>();
    for (const packet of this.sorted(packets)) {
      const type = this.types[this.type(packet)]!;
      groups.set(type, [...(groups.get(type) ?? []), packet]);
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => Int32Array.from(group));
  }

  #lower(packet: number): number {
    return this.#packets.items[packet * 2 + 1] as number;
  }

  /** The two words of the hash of a state. */
  state(vector: Int32Array): readonly [high: number, low: number] {
    const { nodes, channels } = this.#system;
    const count = nodes.length;
    let [high, low] = [0, 0];
    for (let node = 0; node < count; node++) {
      const component = vector[node]!;
      this.component(node, component);
      const hashes = this.componentHashes(node);
      high += hashes[component * 2]!;
      low += hashes[component * 2 + 1]!;
      if (channels === null) continue;
      const inbox = vector[count + node]!;
      const waiting = this.inbox(inbox);
      high += mixed(waiting[inbox * 2]!, node);
      low += mixed(waiting[inbox * 2 + 1]!, node);
    }
    const observation = vector.at(-1)!;
    const seen = this.observation(observation);
    const networkFaults = vector.length > 2 * count + 1 ? vector[2 * count]! : 0;
    return [
      (high + seen[observation * 2]! + mixed(networkFaults, 7)) | 0,
      (low + seen[observation * 2 + 1]! + mixed(networkFaults, 8)) | 0,
    ];
  }

  /** The hash of an inbox, on networks that have them. */
  inbox(inbox: number): Int32Array {
    if (!this.#inboxes.has(inbox)) {
      const channels = this.#system.channels!;
      const { waiting, deferred } = channels.serialize(inbox);
      const { window } = channels.network;
      const texts = waiting.map((inFlight) => ({ link: inFlight.link, text: JSON.stringify(inFlight) }));
      // In a bag they stand by their numbers, which other processes do not share.
      const order = (a: { readonly text: string }, b: { readonly text: string }) =>
        a.text < b.text ? -1 : 1;
      const packets = withSortedWindows(texts, window ?? texts.length, order).map(({ text }) => text);
      this.#inboxes.set(inbox, hashText(`i${packets} ${JSON.stringify(deferred)}`));
    }
    return this.#inboxes.items;
  }

  #hashComponent(node: number, component: number): number {
    const table = this.#system.nodes[node]!;
    const timers = table.timers.filter((_, bit) => table.timersOf[component]! & (1 << bit)).sort();
    const sent = this.#sentIn(node, table.outboxOf[component]!);
    return hashText(
      `${this.local(node, table.localOf[component]!)} ${timers} ${sent} ${table.crashesOf[component]}`,
    );
  }

  /** The content of an outbox as text. Several components have the same outbox, and it is long. */
  #sentIn(node: number, outbox: number): string {
    const texts = this.#sentTexts[node]!;
    const known = texts.get(outbox);
    if (known !== undefined) return known;
    const sent = this.#system.nodes[node]!.outboxes[outbox]!;
    const names = sent.map(([message, to]) => `${this.packet(this.packetOf(node, message))}:${to}`);
    const text = names.sort().join();
    if (texts.size === maxTexts) texts.clear();
    texts.set(outbox, text);
    return text;
  }

  /** The packet in which a node sends the message with this number. */
  packetOf(node: number, message: number): number {
    const known = this.#packetOf[node]![message];
    if (known !== undefined) return known;
    const sender = this.#system.nodes[node]!.spec.id;
    const packet = this.#system.packetOf(sender, this.#system.messageOf(message))!;
    this.#packetOf[node]![message] = packet;
    return packet;
  }
}
