// The transitions out of a state, in an order that depends on nothing but their content. The system itself lists them in
// the order in which it has met their messages, so in a campaign the same choices would mean other actions after other
// runs, and a run could not be repeated from its seed and path alone.
//
// What is compared is the node that moves and what becomes of it: its local state, the timers that are set, and how much
// it has sent to whom. The messages themselves are not looked at. Two transitions that differ in them alone (from a node
// that keeps no state) stand in the system's order; the campaign finds out if that has made a run unrepeatable.

import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";

/** See the file comment. */
export class Candidates {
  /** How many transitions there are. */
  length = 0;
  readonly #system: TransitionSystem;
  /** Per node and component: a number for its content. */
  readonly #contents: Float64Array[];
  readonly #localContents: Map<number, number>[];
  /** Per node: where its transitions begin; they stand together. */
  readonly #begins: Int32Array;
  #keys = new Float64Array(256);
  #sorted = new Float64Array(256);

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#contents = system.nodes.map(() => new Float64Array(256));
    this.#localContents = system.nodes.map(() => new Map());
    this.#begins = new Int32Array(system.nodes.length + 1);
  }

  /** Puts the transitions out of a state with this observation in order. */
  arrange(successors: Successors, observation: number): void {
    const { length } = successors;
    this.length = length;
    if (length > this.#keys.length) {
      this.#keys = new Float64Array(length * 2);
      this.#sorted = new Float64Array(length * 2);
    }
    const keys = this.#keys;
    let index = 0;
    for (let node = 0; node < this.#system.nodes.length; node++) {
      this.#begins[node] = index;
      for (; index < length && successors.node(index) === node; index++) {
        const content = this.#content(node, successors.component(index));
        keys[index] = successors.observation(index) === observation ? content : -content;
      }
    }
    this.#begins[this.#system.nodes.length] = length;
    this.#sorted.set(keys.subarray(0, length));
    for (let node = 0; node < this.#system.nodes.length; node++)
      this.#sorted.subarray(this.#begins[node], this.#begins[node + 1]).sort();
  }

  /** Where node `node`'s transitions begin; those of the node after the last one begin at the end. */
  begin(node: number): number {
    return this.#begins[node] as number;
  }

  /** How many nodes can move or not: all correct ones of the system. */
  get nodes(): number {
    return this.#system.nodes.length;
  }

  /** The index among the successors of the transition at this position. */
  index(position: number): number {
    const key = this.#sorted[position]!;
    let node = 0;
    while (position >= this.#begins[node + 1]!) node++;
    const begin = this.#begins[node]!;
    let twins = 0;
    while (position - twins > begin && this.#sorted[position - twins - 1] === key) twins++;
    let index = this.#keys.indexOf(key, begin);
    for (; twins > 0; twins--) index = this.#keys.indexOf(key, index + 1);
    return index;
  }

  #content(node: number, component: number): number {
    let contents = this.#contents[node]!;
    if (component >= contents.length) {
      const bigger = new Float64Array(Math.max(component + 1, contents.length * 2));
      bigger.set(contents);
      this.#contents[node] = bigger;
      contents = bigger;
    }
    const known = contents[component] as number;
    if (known !== 0) return known;
    const table = this.#system.nodes[node]!;
    const timers = table.timers.filter((_, bit) => table.timersOf[component]! & (1 << bit)).sort();
    const sent = table.outboxes[table.outboxOf[component]!]!.map(([, recipients]) => recipients).sort();
    const content = hashText(`${this.#localContent(node, component)} ${timers} ${sent}`);
    contents[component] = content;
    return content;
  }

  #localContent(node: number, component: number): number {
    const table = this.#system.nodes[node]!;
    const local = table.localOf[component]!;
    let content = this.#localContents[node]!.get(local);
    if (content === undefined) {
      content = hashText(JSON.stringify(table.local(component)));
      this.#localContents[node]!.set(local, content);
    }
    return content;
  }
}

/** A well-spread positive integer of 53 bits. (The function known as cyrb53, by bryc; public domain.) */
function hashText(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0) + 1;
}
