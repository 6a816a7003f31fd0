// The states of correct nodes that the generic liar looks into: of those that differ only in the names of nodes, some.

import type { Json, NodeId } from "../protocol/index.js";
import { type Stand, textOf } from "./rehearsal.js";

/** The states that are looked into, of many that are alike some. */
export class Stands {
  readonly #stands = new Map<string, Stand>();
  readonly #outlines = new Map<string, readonly Stand[]>();
  readonly #most: number;
  readonly #alike: number;
  readonly #nodes: ReadonlySet<string>;

  constructor(
    nodes: readonly NodeId[],
    { stands = 400, alike = 1 }: { readonly stands?: number; readonly alike?: number },
  ) {
    this.#nodes = new Set(nodes);
    this.#most = stands;
    this.#alike = alike;
  }

  get size(): number {
    return this.#stands.size;
  }

  get isFull(): boolean {
    return this.size >= this.#most;
  }

  /** See `Alphabet.limits`. */
  limits(): readonly string[] {
    return this.isFull ? [`${this.size} states of correct nodes`] : [];
  }

  all(): Iterable<Stand> {
    return this.#stands.values();
  }

  /** The state itself if it is looked into, or one that is like it; null if there is none. */
  representing(at: Stand): Stand | null {
    const key = keyOf(at);
    const known = this.#stands.get(key);
    if (known) return known;
    const outline = `${at.spec.id} ${outlineOf(at.state, this.#nodes)}`;
    const alike = this.#outlines.get(outline) ?? [];
    if (alike.length >= this.#alike || this.isFull) return alike[0] ?? null;
    this.#outlines.set(outline, [...alike, at]);
    this.#stands.set(key, at);
    return at;
  }
}

export function keyOf({ spec, state }: Stand): string {
  return `${spec.id} ${textOf(state)}`;
}

/** A state without the names of nodes and the order of lists: states with the same one count the same votes, of others. */
function outlineOf(state: Json, nodes: ReadonlySet<string>): string {
  if (typeof state === "string") return nodes.has(state) ? "*" : JSON.stringify(state);
  if (typeof state !== "object" || state === null) return JSON.stringify(state);
  const known = outlines.get(state);
  if (known !== undefined) return known;
  const made = Array.isArray(state)
    ? `[${state
        .map((item) => outlineOf(item as Json, nodes))
        .sort()
        .join()}]`
    : `{${Object.entries(state).map(([name, item]) => `${nodes.has(name) ? "*" : name}:${outlineOf(item as Json, nodes)}`)}}`;
  outlines.set(state, made);
  return made;
}

const outlines = new WeakMap<object, string>();
