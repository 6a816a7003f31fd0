// The difference of two local states, if it consists of elements added to arrays and nothing else. A vote
// that is counted adds one element to one set. In the snapshot of a class (`Behaviour.parts`) that may also be
// an entry of a Map, or a property of an object; entries are compared by their keys, wherever they stand.

import type { NodeTable } from "../../model/node-table.js";
import { PairTable } from "../../model/tables.js";
import type { Json } from "../../protocol/index.js";

/** So many local states are kept taken apart. */
const maxTakenApart = 2000;

/** Added elements have numbers: the same element at the same place, for the n-th time, has the same one. */
export class Additions {
  readonly #table: NodeTable;
  readonly #nodes: ReadonlySet<string>;
  readonly #ids = new Map<string, number>();
  /** Per addition: its place and the element, without the names of nodes. */
  readonly #kinds: string[] = [];
  /** (local state, local state) -> where in `lists` stands what the second one has more. */
  readonly #between = new PairTable();
  readonly #lists: (readonly number[] | null)[] = [];
  /** Local states of a class, taken apart. */
  readonly #parts = new Map<number, Json>();
  readonly #isSnapshot: boolean;

  /** `nodes`: the names of all nodes. */
  constructor(table: NodeTable, nodes: readonly string[]) {
    this.#table = table;
    this.#nodes = new Set(nodes);
    this.#isSnapshot = table.spec.behaviour.parts !== undefined;
  }

  /** What the second local state has more than the first; null if they differ in anything else. */
  between(before: number, after: number): readonly number[] | null {
    const known = this.#between.get(before, after);
    if (known >= 0) return this.#lists[known]!;
    const found: number[] = [];
    const isMore = this.#gather(this.#partsOf(before), this.#partsOf(after), "", found);
    const list = isMore ? found : null;
    this.#between.set(before, after, this.#lists.push(list) - 1);
    return list;
  }

  /**
   * The place of an addition and its element, with every node's name left out: what votes for the same
   * thing have in common.
   */
  kindOf(addition: number): string {
    return this.#kinds[addition]!;
  }

  #partsOf(local: number): Json {
    if (!this.#isSnapshot) return this.#table.localState(local);
    const known = this.#parts.get(local);
    if (known !== undefined) return known;
    const parts = this.#table.spec.behaviour.parts!(this.#table.localState(local) as never);
    if (this.#parts.size >= maxTakenApart) this.#parts.clear();
    this.#parts.set(local, parts);
    return parts;
  }

  #gather(before: Json, after: Json, place: string, found: number[]): boolean {
    if (before === after) return true;
    if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
      return false;
    if (Array.isArray(before) !== Array.isArray(after)) return false;
    if (Array.isArray(before)) return this.#gatherArray(before, after as readonly Json[], place, found);
    const [one, other] = [before as JsonObject, after as JsonObject];
    const keys = Object.keys(one);
    if (this.#isSnapshot)
      return one["@"] === other["@"] && this.#gatherEntries(entriesOf(one), entriesOf(other), place, found);
    if (keys.length !== Object.keys(other).length) return false;
    return keys.every(
      (key) => key in other && this.#gather(one[key]!, other[key]!, `${place}/${key}`, found),
    );
  }

  /** What a Map, or an object, has more. Those that were there stay in their order, which may matter. */
  #gatherEntries(before: Entries, after: Entries, place: string, found: number[]): boolean {
    let matched = 0;
    for (const [key, item] of after) {
      const name = textOf(key);
      const old = before[matched];
      if (old !== undefined && textOf(old[0]) === name) {
        matched++;
        if (!this.#gather(old[1], item, `${place}/${name}`, found)) return false;
      } else found.push(this.#id(place, [key, item], [], 0));
    }
    return matched === before.length;
  }

  #gatherArray(before: readonly Json[], after: readonly Json[], place: string, found: number[]): boolean {
    if (after.length < before.length) return false;
    if (after.length === before.length)
      return before.every((item, index) => this.#gather(item, after[index]!, `${place}/${index}`, found));
    let matched = 0;
    for (const [index, item] of after.entries()) {
      const isOld =
        matched < before.length &&
        (item === before[matched] || textOf(item) === textOf(before[matched] as Json));
      if (isOld) matched++;
      else found.push(this.#id(place, item, after, index));
    }
    return matched === before.length;
  }

  #id(place: string, item: Json, among: readonly Json[], index: number): number {
    const text = textOf(item);
    let count = 0; // bags keep repetitions
    for (let at = 0; at < index; at++) if (textOf(among[at] as Json) === text) count++;
    const key = `${place} ${count} ${text}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#kinds.push(`${place} ${JSON.stringify(this.#withoutNodes(item))}`) - 1;
    this.#ids.set(key, id);
    return id;
  }

  #withoutNodes(value: Json): Json {
    if (typeof value === "string") return this.#nodes.has(value) ? "*" : value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#withoutNodes(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#withoutNodes(item)]));
  }
}

type Entries = readonly (readonly [key: Json, value: Json])[];

/** The entries of what a snapshot shows: of a Map (see src/real/snapshot.ts), or of any other object, by name. */
function entriesOf(value: JsonObject): Entries {
  const isMap = value["@"] === "Map" && Object.keys(value).length === 2; // one of somebody's own class has a longer name
  return isMap ? (value.entries as unknown as Entries) : Object.entries(value);
}

type JsonObject = { readonly [key: string]: Json };

const texts = new WeakMap<object, string>();

function textOf(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
