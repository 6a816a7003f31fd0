// What correct nodes have said in a timed run, to whomever: what a Byzantine node that runs the protocol's own steps reacts to.

import type { TransitionSystem } from "../../../model/system.js";
import { isSigned, typeOf } from "../../../model/terms.js";
import type { Json } from "../../../protocol/index.js";
import type { Content } from "../content.js";
import type { Saying } from "../world.js";

/** See the file comment. */
export class Sayings {
  readonly all: Saying[] = [];
  readonly #system: TransitionSystem;
  readonly #content: Content;
  #outboxes: number[] = [];

  constructor(system: TransitionSystem, content: Content) {
    this.#system = system;
    this.#content = content;
  }

  begin(vector: Int32Array): void {
    this.all.length = 0;
    this.#outboxes = this.#system.nodes.map(() => 0);
    for (let node = 0; node < this.#system.correctCount; node++) this.hear(vector, node);
  }

  /** Hears what a node has said since. */
  hear(vector: Int32Array, node: number): void {
    const { outboxOf, outboxes, spec } = this.#system.nodes[node]!;
    const outbox = outboxOf[vector[node]!]!;
    const before = this.#outboxes[node]!;
    if (outbox === before || node >= this.#system.correctCount) return;
    this.#outboxes[node] = outbox;
    const old = new Set(outboxes[before]!.map(([message]) => message));
    const packets = outboxes[outbox]!.flatMap(([message]) =>
      old.has(message) ? [] : [this.#system.packetOf(spec.id, this.#system.messageOf(message))!],
    );
    for (const packet of this.#content.sorted(packets)) {
      const input = this.#system.inputOf(packet);
      if (input.kind === "message") this.all.push({ by: spec.id, from: input.from, message: input.message });
    }
  }
}

/**
 * Whether a message differs from another of its type in a small way (ByzzFuzz's "small-scope mutations"): in one field of what it
 * says, or two, since a digest goes with its request.
 */
export function isVariant(message: Json, other: Json): boolean {
  if (typeOf(message) !== typeOf(other)) return false;
  const [a, b] = [bodyOf(message), bodyOf(other)];
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  const different = [...fields].filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
  return different.length === 1 || different.length === 2;
}

function bodyOf(message: Json): { readonly [field: string]: Json } {
  const body = isSigned(message) ? message.body : message;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as never) : { body };
}
