// Observations: the tuple of all monitor states, as one interned integer of the state vector.

import {
  type Event,
  equal,
  type Json,
  type MonitorVerdict,
  type NodeId,
  type Property,
  type RunFacts,
} from "../protocol/index.js";
import { type Absences, noAbsences } from "./absences.js";
import type { SharedNumbering } from "./dictionary.js";
import { UserError } from "./errors.js";
import { type GuardedMonitor, guardedMonitor, hearing } from "./guarded-monitor.js";
import { Numbering } from "./intern.js";
import { nestingProblem, textOf } from "./json-problem.js";
import type { Sight } from "./looks.js";
import { deepFreeze, isPlainJson } from "./plain-json.js";
import { PairTable } from "./tables.js";

/** What a step shows: an event, or that a property sees another state. */
export type Shown = Event | Sight;

function isEvent(item: Shown): item is Event {
  return "kind" in item;
}

/** All tuples of monitor states that occur in a run. Observation 0 is the initial one. */
export class Observations {
  readonly properties: readonly Property[];
  /** Those of the properties, then those for runs in which replicas stay down (see absences.ts). */
  readonly monitors: readonly GuardedMonitor[];
  /** What the properties know about the run. */
  readonly facts: RunFacts;
  /** Every (observation, node, events) that is evaluated is put here, if there is a log. */
  log: [observation: number, node: number, events: number][] | null = null;
  readonly #tuples: (readonly Json[])[] = [];
  readonly #ids = new Numbering((text) => this.#push(this.#judged(text)));
  readonly #afters: PairTable[] = [];
  readonly #shown: (readonly Shown[])[] = [[]];
  readonly #eventLists: (readonly Event[])[] = [[]];
  readonly #heard: number[] = [0];
  readonly #executes: boolean[] = [false];
  readonly #eventIds = new Numbering((text) => this.#keep(JSON.parse(text) as Shown[]));
  readonly #nodes: readonly NodeId[];
  readonly #absences: Absences;
  readonly #violated: number[] = [];
  /** By property: whether it hears an event. */
  readonly #hearings: readonly ((event: Event) => boolean)[];

  constructor(properties: readonly Property[], facts: RunFacts, absences: Absences = noAbsences) {
    this.properties = properties;
    this.facts = facts;
    this.#absences = absences;
    this.#hearings = properties.map(hearing);
    this.monitors = [...properties.map((property) => guardedMonitor(property, facts)), ...absences.monitors];
    this.#nodes = facts.correct;
    for (const _ of this.#nodes) this.#afters.push(new PairTable());
    this.#eventIds.id("[]");
    this.#id(this.monitors.map((monitor) => monitor.init));
  }

  get count(): number {
    return this.#tuples.length;
  }

  /** The states of all monitors in this observation. */
  monitorStates(observation: number): readonly Json[] {
    return this.#tuples[observation]!;
  }

  /** Whether a property knows anything else than at the start. One that looks into states has seen them. */
  hasObserved(observation: number, property: number): boolean {
    if (this.properties[property]!.looks) return true;
    return !equal(this.#tuples[observation]![property]!, this.#tuples[0]![property]!);
  }

  /** The observation with these states of the monitors, in the order of the properties. */
  deserialize(monitorStates: readonly Json[]): number {
    return this.#id(monitorStates);
  }

  /** Interns a list of events; the empty list is 0. */
  events(events: readonly Event[], sights: readonly Sight[] = []): number {
    return this.shown([...events, ...sights]);
  }

  /** Interns events and sights. */
  shown(items: readonly Shown[]): number {
    if (items.length === 0) return 0;
    const { id, isNew } = this.#eventIds.id(JSON.stringify(items));
    if (isNew) this.#keep(items);
    return id;
  }

  #keep(items: readonly Shown[]): void {
    this.#shown.push(deepFreeze(items as unknown as Json) as unknown as readonly Shown[]);
    const events = items.filter(isEvent);
    this.#eventLists.push(events);
    this.#executes.push(events.some((event) => event.kind === "executed"));
  }

  /**
   * The list without the events that no property hears; 0 if nothing is left. To the properties, hence to
   * reductions, it is the same list.
   */
  heard(events: number): number {
    const known = this.#heard[events];
    if (known !== undefined) return known;
    const items = this.#shown[events]!;
    const isHeard = (item: Shown) => !isEvent(item) || this.#hearings.some((hears) => hears(item));
    const left = items.filter(isHeard);
    const heard = left.length === items.length ? events : this.shown(left);
    this.#heard[events] = heard;
    return heard;
  }

  /** Whether a list of events contains an execution. */
  executes(events: number): boolean {
    return this.#executes[events] as boolean;
  }

  /** What threads have in common. */
  numberings(): SharedNumbering[] {
    return [this.#eventIds, this.#ids];
  }

  /** A list with what properties see change: for whoever renames it. */
  shownList(events: number): readonly Shown[] {
    return this.#shown[events]!;
  }

  /** The events of a list. */
  eventList(events: number): readonly Event[] {
    return this.#eventLists[events]!;
  }

  /** The observation after the node with index `node` has shown these events. */
  after(observation: number, node: number, events: number): number {
    if (events === 0) return observation;
    const known = this.#afters[node]!.get(observation, events);
    if (known >= 0) return known;
    const by = this.#nodes[node]!;
    const list = this.#shown[events]!;
    const after = this.#tuples[observation]!.map((state, index) =>
      this.#plain(
        index,
        state,
        list.reduce((current, item) => this.#told(index, current, by, item), state),
      ),
    );
    const id = this.#id(after);
    this.#afters[node]!.set(observation, events, id);
    this.log?.push([observation, node, events]);
    return id;
  }

  #told(index: number, state: Json, by: NodeId, item: Shown): Json {
    const monitor = this.monitors[index]!;
    if (isEvent(item)) return monitor.on(state, by, item);
    return item.look === index % this.properties.length ? monitor.sees(state, by, item.view) : state;
  }

  /** The state of a monitor, which has to be plain JSON: a Set would look like every other one. */
  #plain(index: number, before: Json, after: Json): Json {
    if (after === before || (nestingProblem(after) === null && isPlainJson(after))) return after;
    const { name } = this.properties[index % this.properties.length]!;
    throw new UserError(
      "property-threw",
      `The property ${name} must keep plain JSON as its state; it keeps ${textOf(after)}.`,
      { property: name },
    );
  }

  /** Index of the first `always` property that is violated, or -1. */
  violated(observation: number): number {
    return this.#violated[observation]!;
  }

  /**
   * Indices of the `eventually` properties whose goal is not met, in a run in which the nodes of the mask
   * `absent` stay down.
   */
  pending(observation: number, absent = 0): readonly number[] {
    return this.#withVerdict("eventually", "pending", observation, absent);
  }

  /** Indices of all `always` properties that are violated. */
  allViolated(observation: number): readonly number[] {
    return this.#withVerdict("always", "violated", observation);
  }

  /** Indices of the `sometimes` properties whose goal is met. */
  reached(observation: number): readonly number[] {
    return this.#withVerdict("sometimes", "holds", observation);
  }

  /** How many comparisons the property with this index has made. */
  exercised(observation: number, property: number): number {
    return this.monitors[property]!.exercised(this.#tuples[observation]![property]!);
  }

  /** The property's own sentence about this observation; `absent` as for {@link pending}. */
  explain(observation: number, property: number, absent = 0): string {
    const index = this.#monitorOf(property, absent);
    return this.monitors[index]!.explain(this.#tuples[observation]![index]!);
  }

  #withVerdict(kind: Property["kind"], verdict: MonitorVerdict, observation: number, absent = 0): number[] {
    const tuple = this.#tuples[observation]!;
    return this.properties.flatMap((property, index) => {
      if (property.kind !== kind) return [];
      const monitor = this.#monitorOf(index, absent);
      return this.monitors[monitor]!.verdict(tuple[monitor]!) === verdict ? [index] : [];
    });
  }

  #monitorOf(property: number, absent: number): number {
    const own = absent === 0 ? undefined : this.#absences.monitorOf(property, absent);
    return own === undefined ? property : this.properties.length + own;
  }

  #id(tuple: readonly Json[]): number {
    // Most are known, and most have their keys in order: then the text as it is will be found, and that is faster.
    const known = this.#ids.find(JSON.stringify(tuple));
    if (known !== undefined) return known;
    const text = JSON.stringify(tuple, withSortedKeys);
    const same = this.#ids.find(text);
    if (same !== undefined) return same;
    // Asked before the tuple has a number: what throws must do so again whenever it is asked.
    const found = this.#judged(text);
    const { id, isNew } = this.#ids.id(text);
    if (isNew) this.#push(found);
    return id;
  }

  #judged(text: string): { readonly tuple: readonly Json[]; readonly violated: number } {
    const tuple = deepFreeze(JSON.parse(text) as Json[]);
    const violated = this.properties.findIndex((_, i) => this.monitors[i]!.verdict(tuple[i]!) === "violated");
    return { tuple, violated };
  }

  #push({ tuple, violated }: { readonly tuple: readonly Json[]; readonly violated: number }): void {
    this.#tuples.push(tuple);
    this.#violated.push(violated);
  }
}

/** In monitor states, as everywhere, the order of keys means nothing. */
function withSortedKeys(_: string, value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
