// Hot file: the possible steps of one node, cached for runs. A packet's outcomes depend only on the local
// state, of which there are few. So they are looked up first: two thirds of all deliveries are ignored, and
// are done with that. The component that an outcome leads to is looked up next. Most of a run's time is spent
// waiting for the memory of these two tables, so everything else that a world needs of a component is stored
// next to the row of the second lookup.

import type { NodeTable } from "../../../model/node-table.js";
import { changesNothing } from "../../../model/outcomes.js";
import { inputId } from "../../../model/starts.js";
import type { TransitionSystem } from "../../../model/system.js";
import { IntList } from "../../../model/tables.js";
import type { Content } from "../content.js";
import type { Labels } from "../labels.js";
import { RowTable } from "./row-table.js";

/**
 * Where the header of a component's row keeps its own integers; the hash is never 0 once the component is
 * known.
 */
const [localAt, outboxAt, timersAt, highAt, lowAt] = [0, 1, 2, 3, 4].map((at) => RowTable.own + at) as [
  ...[local: number, outbox: number, timers: number, high: number, low: number],
];

/** Integers of an outcome: events, label, and what finds the component: packet or timer, and index. */
const outcomeStride = 4;

/** The outcomes of a packet that changes nothing. */
const nothing = 0;

/** The possible steps of one node. */
export class NodeSteps {
  readonly #system: TransitionSystem;
  readonly #node: number;
  readonly #table: NodeTable;
  readonly #content: Content;
  readonly #labels: Labels;
  /** Views above this one are outside the bounds. */
  readonly #lastView: number;
  readonly #mayBeDown: boolean;
  /** Lists of outcomes: their number, then the outcomes. */
  readonly #arena = new IntList(4096);
  /** (local state, packet) -> its outcomes: see {@link outcomes}. */
  readonly #outcomes = new RowTable();
  /** (component, outcome) -> component. There are many more components than local states. */
  readonly #next = new RowTable(5);
  /** By component: the timers that may fire. */
  readonly #armed: (readonly number[])[] = [];
  /** (component, timer) -> the place in the arena of its outcomes, with components in place of packets. */
  readonly #firings = new RowTable();

  /** `lastView` is `Infinity` if views above the last one are part of the run. */
  constructor(system: TransitionSystem, node: number, content: Content, labels: Labels, lastView: number) {
    this.#system = system;
    this.#node = node;
    this.#table = system.nodes[node]!;
    this.#content = content;
    this.#labels = labels;
    this.#lastView = lastView;
    this.#mayBeDown = (system.setting.bounds.crashes ?? 0) > 0;
    this.#arena.push(0); // so that nothing else is `nothing`
  }

  // Components. They must be known: every component that a run reaches is, once `know` was called for its
  // first.

  outbox(component: number): number {
    return this.#next.headers[component * this.#next.stride + outboxAt] as number;
  }
  /** The number of timers that may fire. */
  timers(component: number): number {
    return this.#next.headers[component * this.#next.stride + timersAt] as number;
  }
  /** The component's hash, in two words. */
  high(component: number): number {
    return this.#next.headers[component * this.#next.stride + highAt] as number;
  }
  low(component: number): number {
    return this.#next.headers[component * this.#next.stride + lowAt] as number;
  }
  view(component: number): number {
    return this.#table.viewOf[component] as number;
  }
  isDown(component: number): boolean {
    return this.#table.isDown(component);
  }

  /** Creates the record of a component. */
  know(component: number): void {
    this.#next.reserve(component);
    const at = component * this.#next.stride;
    const records = this.#next.headers;
    if (records[at + highAt] !== 0) return;
    this.#content.component(this.#node, component);
    const hashes = this.#content.componentHashes(this.#node);
    records[at + localAt] = this.#table.localOf[component]!;
    records[at + outboxAt] = this.#table.outboxOf[component]!;
    records[at + timersAt] = this.armed(component).length;
    records[at + highAt] = hashes[component * 2]!;
    records[at + lowAt] = hashes[component * 2 + 1]!;
  }

  // Packets.

  /**
   * The outcomes of a packet that may change something: 0 if there are none (as while the node is down); an
   * odd number if there is just one, without events and label: that outcome itself; otherwise an even number:
   * see {@link count}.
   */
  outcomes(component: number, packet: number): number {
    if (this.#mayBeDown && this.#table.isDown(component)) return nothing;
    const local = this.#next.headers[component * this.#next.stride + localAt] as number;
    const known = this.#outcomes.get(local, packet);
    return known >= 0 ? known : this.#evaluate(local, packet);
  }

  /** The number of outcomes. */
  count(outcomes: number): number {
    return (outcomes & 1) === 1 ? 1 : (this.#arena.items[outcomes >> 1] as number);
  }

  /** The outcome at an index. */
  outcome(outcomes: number, place: number): number {
    return (outcomes & 1) === 1 ? outcomes : outcomes + 2 * (1 + place * outcomeStride);
  }

  /** The events of an outcome, and the number of its label. */
  events(outcome: number): number {
    return (outcome & 1) === 1 ? 0 : (this.#arena.items[outcome >> 1] as number);
  }
  label(outcome: number): number {
    return (outcome & 1) === 1 ? 0 : (this.#arena.items[(outcome >> 1) + 1] as number);
  }

  /** The component after an outcome. */
  next(component: number, outcome: number): number {
    const known = this.#next.get(component, outcome);
    return known >= 0 ? known : this.#findNext(component, outcome);
  }

  #findNext(component: number, outcome: number): number {
    const at = outcome >> 1;
    const [packet, index] = [this.#arena.items[at + 2]!, this.#arena.items[at + 3]!];
    const reactions = this.#system.reactions.react(this.#node, component, "deliver", packet);
    const next = reactions[index]!.component;
    this.know(next);
    this.#next.set(component, outcome, next);
    return next;
  }

  #evaluate(local: number, packet: number): number {
    const input = () => this.#system.inputOf(packet);
    const all = this.#table.outcomesOf(local, inputId.packet(packet), input);
    const found = all.flatMap((outcome, index) =>
      changesNothing(outcome, local) || this.#table.viewOfLocal(outcome.local) > this.#lastView
        ? []
        : [[outcome.events, this.#labels.id(outcome.label), packet, index] as const],
    );
    const outcomes = found.length === 0 ? nothing : this.#keep(found);
    this.#outcomes.set(local, packet, outcomes);
    return outcomes;
  }

  /** See {@link outcomes}. */
  #keep(found: readonly (readonly [events: number, label: number, what: number, index: number])[]): number {
    const offset = this.#arena.length;
    this.#arena.push(found.length);
    for (const item of found.flat()) this.#arena.push(item);
    const [[events, label]] = found as [(typeof found)[0]];
    const isPlain = found.length === 1 && events === 0 && label === 0;
    return isPlain ? (offset + 1) * 2 + 1 : offset * 2;
  }

  // Timers.

  /** The timers that are set and may fire, by name, whether or not that changes anything. */
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

  /** The outcomes of a timer, like {@link outcomes}; {@link fired} gives the components. */
  firings(component: number, timer: number): number {
    const known = this.#firings.get(component, timer);
    return known >= 0 ? known : this.#fire(component, timer);
  }

  #fire(component: number, timer: number): number {
    const { reactions } = this.#system;
    const found = reactions
      .react(this.#node, component, "timer", timer)
      .filter((reaction) => !reactions.isOutside(this.#node, reaction.component));
    for (const reaction of found) this.know(reaction.component);
    const firings =
      found.length === 0
        ? nothing
        : this.#keep(
            found.map(({ component: next, events, label }) => [events, this.#labels.id(label), next, 0]),
          );
    this.#firings.set(component, timer, firings);
    return firings;
  }

  /** The component after an outcome of a timer. */
  fired(outcome: number): number {
    return this.#arena.items[(outcome >> 1) + 2] as number;
  }
}
