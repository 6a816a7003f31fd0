// Hot file: what can happen to one node, memoized for runs. A packet's outcomes depend on the local state alone and there are few of
// those, so they are looked up first: two thirds of all deliveries are ignored, and that is all there is to them. The
// component that an outcome leads to is looked up next. What a world needs to know of a component stands in one record.

import type { NodeTable, Outcome, Reaction } from "../../../model/node-table.js";
import { inputId } from "../../../model/starts.js";
import type { TransitionSystem } from "../../../model/system.js";
import { IntList } from "../../../model/tables.js";
import type { Content } from "../content.js";
import type { Labels } from "./labels.js";
import { RowTable } from "./row-table.js";

/** Integers in the record of a component: whether it is known, and then what the next lines name. */
const record = 8;
const [isKnownAt, localAt, outboxAt, viewAt, timersAt, highAt, lowAt] = [0, 1, 2, 3, 4, 5, 6];

/** Integers in the description of one outcome: events, label, packet, index among all outcomes of the step. */
const outcomeStride = 4;

/** Where an empty list of outcomes stands. */
const nothing = 0;

/** See the file comment. */
export class NodeSteps {
  readonly #system: TransitionSystem;
  readonly #node: number;
  readonly #table: NodeTable;
  readonly #content: Content;
  readonly #labels: Labels;
  /** Views above this one lie outside the bounds. */
  readonly #lastView: number;
  readonly #mayBeDown: boolean;
  #records = new Int32Array(record * 1024);
  /** How many outcomes, and what they are; see {@link outcomes}. */
  readonly #arena = new IntList(4096);
  /** (local state, packet) -> where in the arena its outcomes stand. */
  readonly #outcomes = new RowTable();
  /** (component, where in the arena an outcome stands) -> component. There are many more components than local states. */
  readonly #next = new RowTable();
  /** By component: its timers that may fire. */
  readonly #armed: (readonly number[])[] = [];
  /** (component, timer) -> index of what it can do. */
  readonly #firings = new RowTable();
  readonly #firingsBy: (readonly Reaction[])[] = [];

  /** `lastView` is `Infinity` where views above the last one are part of the run. */
  constructor(system: TransitionSystem, node: number, content: Content, labels: Labels, lastView: number) {
    this.#system = system;
    this.#node = node;
    this.#table = system.nodes[node]!;
    this.#content = content;
    this.#labels = labels;
    this.#lastView = lastView;
    this.#mayBeDown = (system.setting.bounds.crashes ?? 0) > 0;
    this.#arena.push(0); // at `nothing`
  }

  // Components. They have to be known: whatever a run comes to is, once `know` was told of its beginning.

  outbox(component: number): number {
    return this.#records[component * record + outboxAt] as number;
  }
  view(component: number): number {
    return this.#records[component * record + viewAt] as number;
  }
  /** How many timers may fire. */
  timers(component: number): number {
    return this.#records[component * record + timersAt] as number;
  }
  /** The component's hash, in two words. */
  high(component: number): number {
    return this.#records[component * record + highAt] as number;
  }
  low(component: number): number {
    return this.#records[component * record + lowAt] as number;
  }

  /** Makes the record of a component. */
  know(component: number): void {
    const at = component * record;
    while (at >= this.#records.length) {
      const bigger = new Int32Array(this.#records.length * 2);
      bigger.set(this.#records);
      this.#records = bigger;
    }
    const records = this.#records;
    if (records[at + isKnownAt] === 1) return;
    const table = this.#table;
    this.#content.component(this.#node, component);
    const hashes = this.#content.componentHashes(this.#node);
    records[at + isKnownAt] = 1;
    records[at + localAt] = table.localOf[component]!;
    records[at + outboxAt] = table.outboxOf[component]!;
    records[at + viewAt] = table.viewOf[component]!;
    records[at + timersAt] = this.armed(component).length;
    records[at + highAt] = hashes[component * 2]!;
    records[at + lowAt] = hashes[component * 2 + 1]!;
  }

  isDown(component: number): boolean {
    return this.#table.isDown(component);
  }

  // Packets.

  /**
   * Where the outcomes of a packet stand that may change something: one for each place from 0 to {@link count} - 1.
   * Never any while the node is down.
   */
  outcomes(component: number, packet: number): number {
    if (this.#mayBeDown && this.#table.isDown(component)) return nothing;
    const local = this.#records[component * record + localAt] as number;
    const known = this.#outcomes.get(local, packet);
    return known >= 0 ? known : this.#evaluate(local, packet);
  }

  /** How many outcomes stand at `offset`. */
  count(offset: number): number {
    return this.#arena.items[offset] as number;
  }

  /** Where the outcome at a place of them stands. */
  outcome(offset: number, place: number): number {
    return offset + 1 + place * outcomeStride;
  }

  /** The events that an outcome shows, and the number of its label. */
  events(outcome: number): number {
    return this.#arena.items[outcome] as number;
  }
  label(outcome: number): number {
    return this.#arena.items[outcome + 1] as number;
  }

  /** The component after an outcome. */
  next(component: number, outcome: number): number {
    const known = this.#next.get(component, outcome);
    return known >= 0 ? known : this.#findNext(component, outcome);
  }

  #findNext(component: number, outcome: number): number {
    const [packet, index] = [this.#arena.items[outcome + 2]!, this.#arena.items[outcome + 3]!];
    const reactions = this.#system.reactions.react(this.#node, component, "deliver", packet);
    const next = reactions[index]!.component;
    this.know(next);
    this.#next.set(component, outcome, next);
    return next;
  }

  #evaluate(local: number, packet: number): number {
    const input = () => this.#system.inputOf(packet);
    const outcomes = this.#table.outcomesOf(local, inputId.packet(packet), input);
    const found = outcomes.flatMap((outcome, index) =>
      isIdle(outcome, local) || this.#table.viewOfLocal(outcome.local) > this.#lastView
        ? []
        : [[outcome.events, this.#labels.id(outcome.label), packet, index]],
    );
    const offset = found.length === 0 ? nothing : this.#keep(found);
    this.#outcomes.set(local, packet, offset);
    return offset;
  }

  #keep(outcomes: readonly (readonly number[])[]): number {
    const offset = this.#arena.length;
    this.#arena.push(outcomes.length);
    for (const item of outcomes.flat()) this.#arena.push(item);
    return offset;
  }

  // Timers.

  /** The timers that are set and may fire, by name. Whether that changes anything is not asked yet. */
  armed(component: number): readonly number[] {
    return this.#armed[component] ?? this.#findArmed(component);
  }

  #findArmed(component: number): readonly number[] {
    const { timers } = this.#table;
    const armed = this.#table.isDown(component)
      ? []
      : timers
          .filter((timer) => this.#system.reactions.firing(this.#node, component, timer) !== null)
          .sort()
          .map((timer) => timers.indexOf(timer));
    this.#armed[component] = armed;
    return armed;
  }

  /** What a timer can do. */
  firings(component: number, timer: number): readonly Reaction[] {
    const known = this.#firings.get(component, timer);
    if (known >= 0) return this.#firingsBy[known]!;
    const { reactions } = this.#system;
    const found = reactions
      .react(this.#node, component, "timer", timer)
      .filter((reaction) => !reactions.isOutside(this.#node, reaction.component));
    for (const reaction of found) this.know(reaction.component);
    this.#firings.set(component, timer, this.#firingsBy.push(found) - 1);
    return found;
  }
}

/** Whether an outcome changes nothing, whatever timers are set and messages sent. */
function isIdle({ local, kept, timersOn, timersOff, events }: Outcome, before: number): boolean {
  return local === before && kept.length === 0 && (timersOn | timersOff) === 0 && events === 0;
}
