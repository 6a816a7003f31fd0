// The events of a run, in this process's numbers: enough to repeat it, or to convert it to data. Four
// integers for each event: the node, the kind of event, the packet or timer (or -1), and the label of the
// choice.

import type { Action } from "../../model/action.js";
import type { TransitionSystem } from "../../model/system.js";
import { kinds } from "./event-kinds.js";
import type { Labels } from "./labels.js";
import { traceStride } from "./run-record.js";

/** The events of a run. */
export class EventLog {
  readonly #system: TransitionSystem;
  readonly #labels: Labels;
  #items = new Int32Array(traceStride * 256);
  #length = 0;

  constructor(system: TransitionSystem, labels: Labels) {
    this.#system = system;
    this.#labels = labels;
  }

  /** The number of events. */
  get length(): number {
    return this.#length / traceStride;
  }

  clear(): void {
    this.#length = 0;
  }

  add(node: number, kind: number, what: number, label: number): void {
    const at = this.#length;
    if (at === this.#items.length) {
      const bigger = new Int32Array(at * 2);
      bigger.set(this.#items);
      this.#items = bigger;
    }
    const items = this.#items;
    items[at] = node;
    items[at + 1] = kind;
    items[at + 2] = what;
    items[at + 3] = label;
    this.#length = at + traceStride;
  }

  /** A copy, which the caller may keep. */
  trace(): Int32Array {
    return this.#items.slice(0, this.#length);
  }

  actions(): Action[] {
    const { reactions } = this.#system;
    const actions: Action[] = [];
    for (let at = 0; at < this.#length; at += traceStride) {
      const [node, kind, what, label] = this.#items.subarray(at, at + traceStride) as unknown as number[];
      const cause = reactions.causeId(kinds[kind!]!, what!, this.#labels.label(label!));
      actions.push(reactions.action(node!, cause));
    }
    return actions;
  }
}
