// The transitions out of a state, in an order that depends on nothing but their content. The system itself lists them in
// the order in which it has met their messages, so in a campaign the same choices would mean other actions after other
// runs, and a run could not be repeated from its seed and path alone.
//
// What is compared is the node that moves and what becomes of it: its local state, the timers that are set, how much it
// has sent to whom, and whether a property noticed. The messages themselves are not looked at: transitions that differ in
// them alone (of a node that keeps no state) stand in the system's order. The campaign finds out if that matters.

import { hashText } from "../model/hash.js";
import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";

/** See the file comment. */
export class Candidates {
  /** How many transitions there are. */
  length = 0;
  readonly #system: TransitionSystem;
  /** Per node and component: a positive number for its content; 0 is not known yet. */
  readonly #contents: Float64Array[];
  /** Per node and local state: the same. */
  readonly #localContents: Map<number, number>[];
  /** Per node and cause: the same, on networks with inboxes. */
  readonly #actionContents: Map<number, number>[];
  /** In the system's order, and sorted. */
  #keys = new Float64Array(256);
  #sorted = new Float64Array(256);

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#contents = system.nodes.map(() => new Float64Array(256));
    this.#localContents = system.nodes.map(() => new Map());
    this.#actionContents = system.nodes.map(() => new Map());
  }

  /** Puts the transitions out of a state with this observation in order. */
  arrange(successors: Successors, observation: number): void {
    this.length = successors.length;
    if (this.length > this.#keys.length) {
      this.#keys = new Float64Array(this.length * 2);
      this.#sorted = new Float64Array(this.length * 2);
    }
    for (let index = 0; index < this.length; index++) {
      const node = successors.node(index);
      const content = successors.isWhole
        ? this.#actionContent(node, successors.cause(index))
        : this.#content(node, successors.component(index));
      this.#keys[index] = successors.observation(index) === observation ? content : -content;
    }
    this.#sorted.set(this.#keys.subarray(0, this.length));
    this.#sorted.subarray(0, this.length).sort();
  }

  /** The index among the successors of the transition at this position. */
  index(position: number): number {
    const key = this.#sorted[position]!;
    let index = this.#keys.indexOf(key);
    for (let twin = position; twin > 0 && this.#sorted[twin - 1] === key; twin--)
      index = this.#keys.indexOf(key, index + 1);
    return index;
  }

  /** On a network with inboxes the action says what becomes of them. */
  #actionContent(node: number, cause: number): number {
    const known = this.#actionContents[node]!.get(cause);
    if (known !== undefined) return known;
    const content = hashText(JSON.stringify(this.#system.reactions.action(node, cause)));
    this.#actionContents[node]!.set(cause, content);
    return content;
  }

  #content(node: number, component: number): number {
    if (component >= this.#contents[node]!.length) {
      const bigger = new Float64Array(component * 2);
      bigger.set(this.#contents[node]!);
      this.#contents[node] = bigger;
    }
    const known = this.#contents[node]![component]!;
    if (known > 0) return known;
    const table = this.#system.nodes[node]!;
    const timers = table.timers.filter((_, bit) => table.timersOf[component]! & (1 << bit)).sort();
    const sent = table.outboxes[table.outboxOf[component]!]!.map(([, recipients]) => recipients).sort();
    const content = hashText(`${node} ${this.#localContent(node, component)} ${timers} ${sent}`);
    this.#contents[node]![component] = content;
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
