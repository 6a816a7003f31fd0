// Interned messages, packets and lists of inputs. A packet is a message with its authenticated origin; a list
// is a set of inputs that reach a node in the same way. The possible inputs of a node are a few list ids.

import type { Json, NodeId, Protocol } from "../protocol/index.js";
import type { CrashKind, DeliveryKind } from "./action.js";
import { fieldsBeside, SchemaMismatch } from "./canonical.js";
import type { SharedNumbering } from "./dictionary.js";
import { calling, UserError } from "./errors.js";
import { Interner, Numbering } from "./intern.js";
import { isSigned } from "./terms.js";

/**
 * A list of inputs that may reach a node: ids of packets that come in the same way, its own timers, its
 * crash or restart.
 */
export interface InputList {
  readonly kind: DeliveryKind | CrashKind | "timer";
  readonly items: readonly number[];
}

/** The list that stands for a node's own timers. */
export const timerList = 0;
/** The list without packets. */
export const emptyList = 1;
/** The lists that stand for a node's crash, and for its restart. */
export const crashList = 2;
export const restartList = 3;

/** All messages, packets and lists of inputs of a system, interned. */
export class Inputs {
  readonly #messages: Interner<Json>;
  readonly #packets = new Numbering((key) => this.#keepPacket(...(JSON.parse(key) as [NodeId, number])));
  readonly #origins: NodeId[] = [];
  readonly #contents: number[] = [];
  readonly #lists: InputList[] = [];
  readonly #listIds = new Numbering((key) => {
    const [kind, items] = key.split(":") as [InputList["kind"], string];
    this.#lists.push({ kind, items: items.split(",").map(Number) });
  });

  constructor(protocol: Protocol<Json, Json>) {
    this.#messages = calling("protocol-malformed", `The message schema of ${protocol.name}`, () => {
      const [beside] = fieldsBeside(protocol.message as never);
      if (beside === undefined) return new Interner<Json>(protocol.message as never);
      throw new TypeError(
        `The field ${beside} is marked "beside", which only a field of a state can be: messages that differ there differ. Leave the mark out.`,
      );
    });
    this.listOf("timer", [-1]);
    this.listOf("deliver", []);
    this.listOf("crash", [-1]);
    this.listOf("restart", [-1]);
  }

  /** The id of a message. @throws {UserError} with `code` if it does not fit the protocol's schema. */
  message(message: Json, who: string, code: "protocol-malformed" | "adversary-malformed"): number {
    const id = this.#messages.intern(message);
    if (id instanceof SchemaMismatch)
      throw new UserError(code, `${who} sent a message that does not fit the protocol's schema: ${id}.`);
    return id;
  }

  /** The message with this id, canonical and frozen. */
  messageOf(id: number): Json {
    return this.#messages.values[id]!;
  }

  /**
   * A message as it comes from `sender`: its origin is its signer, or the sender if it is not signed as a
   * whole.
   */
  packet(sender: NodeId, message: number): number {
    const value = this.#messages.values[message];
    const origin = isSigned(value) ? value.signer : sender;
    const { id, isNew } = this.#packets.id(JSON.stringify([origin, message]));
    if (isNew) this.#keepPacket(origin, message);
    return id;
  }

  #keepPacket(origin: NodeId, message: number): void {
    this.#origins.push(origin);
    this.#contents.push(message);
  }

  /** Where a packet comes from. */
  origin(packet: number): NodeId {
    return this.#origins[packet]!;
  }

  /** What is in a packet. */
  content(packet: number): Json {
    return this.#messages.values[this.#contents[packet]!]!;
  }

  /** The number of what is in a packet. */
  contentId(packet: number): number {
    return this.#contents[packet]!;
  }

  /** The number of a message, or undefined if it does not fit the protocol's schema. */
  idOf(message: Json): number | undefined {
    const id = this.#messages.intern(message);
    return id instanceof SchemaMismatch ? undefined : id;
  }

  /** The packet in a list with this origin and message, or undefined. */
  find(list: number, origin: NodeId, message: Json): number | undefined {
    const id = this.idOf(message);
    return this.#lists[list]!.items.find(
      (packet) => this.#contents[packet] === id && this.#origins[packet] === origin,
    );
  }

  /** The id of a list; all lists without packets are {@link emptyList}. */
  listOf(kind: InputList["kind"], items: readonly number[]): number {
    const { id, isNew } = this.#listIds.id(items.length === 0 ? "" : `${kind}:${items.join()}`);
    if (isNew) this.#lists.push({ kind, items });
    return id;
  }

  list(id: number): InputList {
    return this.#lists[id]!;
  }

  /** Every message that an adversary could put in front of a node in some state. */
  offered(): readonly Json[] {
    const packets = new Set(this.#lists.flatMap(({ kind, items }) => (kind === "inject" ? items : [])));
    return [...packets].map((packet) => this.content(packet));
  }

  /** What threads have in common, each after what it is made of. */
  numberings(): SharedNumbering[] {
    return [this.#messages, this.#packets, this.#listIds];
  }
}
