// The events of a run, in this process's numbers: enough to repeat it, or to convert it to data. Four
// integers for each event: the node; the kind of event and, where it matters, the link on which the message has
// come; the packet or timer (or -1); and the label of the choice.

import type { Action } from "../../model/action.js";
import type { TransitionSystem } from "../../model/system.js";
import { type EventKind, kinds } from "./event-kinds.js";
import type { Labels } from "./labels.js";
import { traceStride } from "./run-record.js";

const linkStride = 256;

/** The kind of event in the second integer of an event. */
export function kindIn(item: number): EventKind {
  return kinds[item % linkStride]!;
}

/** The link in it, or -1. */
export function linkIn(item: number): number {
  return Math.floor(item / linkStride) - 1;
}

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

  /** `link`: the node that has sent the message, on a network with links. */
  add(node: number, kind: number, what: number, label: number, link = -1): void {
    const at = this.#length;
    if (at === this.#items.length) {
      const bigger = new Int32Array(at * 2);
      bigger.set(this.#items);
      this.#items = bigger;
    }
    const items = this.#items;
    items[at] = node;
    items[at + 1] = kind + (link + 1) * linkStride;
    items[at + 2] = what;
    items[at + 3] = label;
    this.#length = at + traceStride;
  }

  /** A copy, which the caller may keep. */
  trace(): Int32Array {
    return this.#items.slice(0, this.#length);
  }

  actions(): Action[] {
    const { reactions, nodes } = this.#system;
    const actions: Action[] = [];
    for (let at = 0; at < this.#length; at += traceStride) {
      const [node, kind, what, label] = this.#items.subarray(at, at + traceStride) as unknown as number[];
      const via = nodes[linkIn(kind!)]?.spec.id;
      const named = via !== undefined && via !== this.#system.packet(what!).from ? via : undefined;
      const cause = reactions.causeId(kindIn(kind!), what!, this.#labels.label(label!), named);
      actions.push(reactions.action(node!, cause));
    }
    return actions;
  }
}
