// The search inside one node: where a macro-step can end, given what is deliverable. It goes through the
// node's components one by one, by actions that nobody else can tell apart (see visible-steps.ts), and
// gathers the visible macro-steps. macro-step-cache.ts caches the result.
//
// Hot file: typed arrays and numbered components throughout.

import type { DeliveryKind } from "../model/action.js";
import { calling, UserError } from "../model/errors.js";
import { crashList, restartList, timerList } from "../model/inputs.js";
import type { NodeTable } from "../model/node-table.js";
import { eventsAt, reactionStride } from "../model/reactions.js";
import { inputId } from "../model/starts.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList, PairTable, SparseMap } from "../model/tables.js";
import type { Input, Json } from "../protocol/index.js";
import { Abandoned, glance } from "../watch/clock.js";
import { InputRows, InputSet } from "./input-set.js";
import { StepTable, silent, stepStride } from "./step-table.js";

/**
 * A macro-step, which is zero or more silent actions of one node and then a visible one (see visible-steps.ts):
 * the component that it leads to, and the list of events that it shows.
 */
export interface MacroStep {
  readonly target: number;
  readonly events: number;
}

/** Which of the macro-steps of a component are kept. */
export type Selection = (exploration: Exploration, start: number) => readonly MacroStep[];

/**
 * Inputs have numbers: first those of a node's timers, its crash and its restart, each a list of its own;
 * then of packets.
 */
const ownLists = [timerList, crashList, restartList];
const ownInputs = ownLists.length;

/** The steps of one node, as searches inside it see them. */
export class LocalSearch {
  readonly table: NodeTable;
  readonly #system: TransitionSystem;
  readonly #node: number;
  /**
   * The numbers of its own inputs that can ever happen to it: effects are looked up before it is asked
   * whether they may now.
   */
  readonly #own: readonly number[];
  /** Per local state: the inputs that it was asked about, and those among them that it does not ignore. */
  readonly #tried = new InputRows();
  readonly #relevant = new InputRows();
  /** Per local state: the same as the second in ascending order; a node's own inputs are always among them. */
  readonly #inputs: (number[] | undefined)[] = [];
  /** (component, input) -> where its effects stand in `effects`, + 1; 0: there are none. */
  readonly #effectIds = new PairTable();
  /** A number of effects, and for each the next component and the list of events. */
  readonly effects = new IntList();
  /** Per component: the steps of all relevant inputs. */
  readonly steps = new StepTable();
  /** Per input: the labels of its outcomes, where it had an effect. */
  readonly #labels: (Set<string | undefined> | undefined)[] = [];
  /** Per list: the numbers of its inputs. */
  readonly #inputsOf: (readonly number[] | undefined)[] = [];
  /** Where in `effects` stand those of an input that had one outcome, without a label. */
  readonly #single = new Set<number>();

  constructor(system: TransitionSystem, node: number) {
    this.#system = system;
    this.#node = node;
    this.table = system.nodes[node]!;
    const { stepFaults } = this.table;
    const mayCrash = stepFaults === null && (system.setting.bounds.crashes ?? 0) > 0;
    const mayBeginAnew = mayCrash || (stepFaults?.forgets ?? false);
    const lists = [timerList, ...(mayCrash ? [crashList] : []), ...(mayBeginAnew ? [restartList] : [])];
    this.#own = lists.map((list) => ownLists.indexOf(list));
  }

  /** The inputs that a local state does not ignore, of those that it was asked about. */
  #inputsOfLocal(local: number): number[] {
    const known = this.#inputs[local];
    if (known !== undefined) return known;
    for (const input of this.#own) {
      this.#tried.add(local, input);
      this.#relevant.add(local, input);
    }
    const inputs = [...this.#own];
    this.#inputs[local] = inputs;
    return inputs;
  }

  #try(local: number, fresh: readonly number[]): void {
    const inputs = this.#inputsOfLocal(local);
    // Kept only once all were tried: the search may be abandoned at any step.
    const found = fresh.filter((input) => input >= ownInputs && !this.#ignores(local, input));
    for (const input of fresh) this.#tried.add(local, input);
    for (const input of found) this.#relevant.add(local, input);
    inputs.push(...found);
    if (found.length > 0) inputs.sort((a, b) => a - b);
  }

  #ignores(local: number, input: number): boolean {
    const packet = input - ownInputs;
    return this.table.ignores(local, inputId.packet(packet), () => this.#system.inputOf(packet));
  }

  /**
   * Those of these inputs that have an effect on one of these components. An input is not tried any more
   * once it has had one.
   */
  effectiveAmong(candidates: Iterable<number>, components: Iterable<number>): number[] {
    const found: number[] = [];
    const open = new InputSet(candidates);
    for (const component of components) {
      if (open.isEmpty) break;
      const local = this.table.localOf[component]!;
      this.#inputsOfLocal(local);
      for (const input of this.#tried.openIn(local, open, this.#relevant)) {
        if (!this.#tried.has(local, input)) this.#try(local, [input]);
        if (!this.#relevant.has(local, input) || this.effectsOf(component, input) < 0) continue;
        found.push(input);
        open.delete(input);
      }
    }
    return found;
  }

  /**
   * Where in `steps` stand those of a component: all that these inputs make, and perhaps others, by input in ascending order.
   */
  stepsOf(component: number, among: InputSet): number {
    const local = this.table.localOf[component] as number;
    if (!this.#tried.includes(local, among)) this.#try(local, this.#tried.openIn(local, among));
    const place = this.steps.placeOf(component);
    if (place >= 0 && this.steps.triedAt(place) === this.#tried.size(local)) return place;
    return this.#stepsAnew(component, local, place);
  }

  /** The same where other inputs have been tried since they were put down. */
  #stepsAnew(component: number, local: number, before: number): number {
    const inputs = this.#inputsOfLocal(local);
    const tried = this.#tried.size(local);
    if (before >= 0 && this.steps.relevantAt(before) === inputs.length) {
      this.steps.setTried(before, tried);
      return before;
    }
    const found: number[] = [];
    for (const input of inputs) {
      const at = this.effectsOf(component, input);
      if (at < 0) continue;
      const { items } = this.effects;
      const end = at + 1 + 2 * (items[at] as number);
      for (let effect = at + 1; effect < end; effect += 2) {
        const target = items[effect] as number;
        found.push(input, target, this.shown(component, target, items[effect + 1] as number));
      }
    }
    return this.steps.put(component, tried, inputs.length, found);
  }

  /** What a step shows: its list of events, or {@link silent}. */
  shown(from: number, to: number, events: number): number {
    return this.isSilent(from, to, events) ? silent : events;
  }

  /** Where the effects of an input that is not ignored stand in `effects`, or -1 if there are none. */
  effectsOf(component: number, input: number): number {
    const known = this.#effectIds.get(component, input);
    return (known >= 0 ? known : this.#computeEffects(component, input)) - 1;
  }

  /**
   * Whether the effects at a place are those of a packet with a single outcome, which has no label.
   */
  hasOneOutcome(effects: number): boolean {
    return this.#single.has(effects);
  }

  /**
   * What the behaviour says about tallies, if anything: see `Behaviour.tally`. @throws {UserError} if a
   * node's timers are of several.
   */
  tallyNames(): ((input: number) => string | null) | null {
    const { spec, context, timers } = this.table;
    if (!spec.behaviour.tally) return null;
    const named = (input: Input<Json>) =>
      calling(
        "protocol-threw",
        `tally() of ${spec.id}`,
        () => spec.behaviour.tally!(context, input as never) ?? null,
      );
    return (input) => {
      if (input >= ownInputs) return named(this.#system.inputOf(input - ownInputs));
      if (ownLists[input] !== timerList) return null;
      const names = new Set(timers.map((timer) => named({ kind: "timer", timer })));
      if (names.size > 1)
        throw new UserError(
          "protocol-malformed",
          `tally() of ${spec.id} must name the same tally for all timers.`,
        );
      return [...names][0] ?? null;
    };
  }

  /** An input for whoever reads about it, and under which other searches know it. */
  describe(input: number): Json {
    if (input < ownInputs) return (["timer", "crash", "restart"] as const)[input]!;
    return this.#system.inputOf(input - ownInputs) as unknown as Json;
  }

  /** Whether a step of the node is its own affair: it shows nothing and sends nothing. */
  isSilent(from: number, to: number, events: number): boolean {
    const { outboxOf, crashesOf } = this.table;
    return events === 0 && outboxOf[from] === outboxOf[to] && crashesOf[from] === crashesOf[to];
  }

  /** The numbers of all inputs of a list. */
  inputsOf(list: number): readonly number[] {
    this.#inputsOf[list] ??= ownLists.includes(list)
      ? [ownLists.indexOf(list)]
      : this.#system.listOf(list).items.map((packet) => packet + ownInputs);
    return this.#inputsOf[list];
  }

  #computeEffects(component: number, input: number): number {
    const { reactions, observations } = this.#system;
    const found: MacroStep[] = [];
    let isSingle = false;
    /** Whether a step does anything, once the events are left out that no property hears. */
    const add = (target: number, shown: number): boolean => {
      const events = observations.heard(shown);
      if (target === component && events === 0) return false;
      if (!found.some((other) => other.target === target && other.events === events))
        found.push({ target, events });
      return true;
    };
    const own = ownLists[input];
    if (own !== undefined) {
      const offset = reactions.of(this.#node, component, own);
      const arena = reactions.array(this.#node);
      const end = offset + 1 + arena[offset]! * reactionStride;
      for (let at = offset + 1; at < end; at += reactionStride) add(arena[at]!, arena[at + eventsAt]!);
    } else {
      const all = reactions.react(this.#node, component, "deliver", input - ownInputs);
      isSingle = all.length === 1 && all[0]!.label === undefined;
      for (const { component: target, events, label } of all) {
        if (reactions.isOutside(this.#node, target) || !add(target, events)) continue;
        this.#labels[input] ??= new Set();
        this.#labels[input].add(label);
      }
    }
    const id = found.length === 0 ? 0 : this.effects.length + 1;
    if (id > 0) {
      if (isSingle) this.#single.add(this.effects.length);
      this.effects.push(found.length);
      for (const { target, events } of found) {
        this.effects.push(target);
        this.effects.push(events);
      }
    }
    this.#effectIds.set(component, input, id);
    return id;
  }

  /** Tells the system that an input that comes in this way has had an effect: see `Reactions.causes`. */
  announce(input: number, kind: DeliveryKind): void {
    const labels = this.#labels[input];
    if (!labels) return; // reactions to other inputs are announced where they are computed
    for (const label of labels) this.#system.reactions.causeId(kind, input - ownInputs, label);
  }
}

/** What is thrown where a search inside one node is larger than its limit. */
export const tooManyMembers = new RangeError("too many components in a search inside one node");

/** One search from one component under certain inputs; then, after `begin`, the next one. */
export class Exploration {
  readonly search: LocalSearch;
  /** The components that were looked at, each with where its steps stand in `items`. */
  readonly members = new SparseMap();
  /**
   * For each: the number of its steps, then for each step its input, the component behind it and what it shows (see `LocalSearch.shown`).
   */
  readonly items = new IntList();
  /** The inputs that have done something to one of them. */
  readonly effective = new SparseMap();
  /** The inputs at hand, in the order in which they stand in the lists; and the same as a set. */
  protected readonly deliverable = new SparseMap();
  protected readonly atHand = new InputSet();
  readonly #closures = new Map<number, ReadonlySet<number>>();

  readonly #maxStates: number;

  /** `maxStates`: of so many local states it is given up. */
  constructor(search: LocalSearch, maxStates: number) {
    this.search = search;
    this.#maxStates = maxStates;
  }

  /** How many components are looked at before {@link steps} throws {@link tooManyMembers}. */
  limit = Number.POSITIVE_INFINITY;

  /** Begins anew under the inputs of these lists. */
  begin(lists: readonly number[]): void {
    this.members.clear();
    this.effective.clear();
    this.#closures.clear();
    this.items.length = 0;
    this.deliverable.clear();
    this.atHand.clear();
    for (const list of lists)
      for (const input of this.search.inputsOf(list)) {
        this.deliverable.set(input, 1);
        this.atHand.add(input);
      }
  }

  /**
   * Where in `items` stands what the inputs do to a component. `items.items` may be another array afterwards.
   */
  steps(component: number): number {
    const known = this.members.get(component);
    if (known >= 0) return known;
    glance();
    if (this.members.size >= this.limit) throw tooManyMembers;
    this.giveUpBeyond(this.members.size);
    const { steps } = this.search;
    const place = this.search.stepsOf(component, this.atHand);
    const at = this.items.length;
    this.members.set(component, at);
    this.items.push(0);
    const { items } = steps;
    const end = steps.end(place);
    let count = 0;
    for (let step = steps.first(place); step < end; step += stepStride) {
      const input = items[step] as number;
      if (this.deliverable.get(input) < 0) continue;
      this.effective.set(input, 1);
      this.items.push(input);
      this.items.push(items[step + 1] as number);
      this.items.push(items[step + 2] as number);
      count++;
    }
    this.items.items[at] = count;
    return at;
  }

  /** @throws {Abandoned} if this is more than a search inside a node may have. */
  protected giveUpBeyond(states: number): void {
    if (states >= this.#maxStates) throw new Abandoned("too many local states");
  }

  /** A component and all that silent steps lead to from there, in the order of the number of steps. */
  silentClosure(start: number): ReadonlySet<number> {
    const known = this.#closures.get(start);
    if (known) return known;
    const closure = new Set([start]);
    for (const component of closure) {
      glance();
      const at = this.steps(component);
      const { items } = this.items;
      const end = at + 1 + (items[at] as number) * stepStride;
      for (let step = at + 1; step < end; step += stepStride)
        if (items[step + 2] === silent) closure.add(items[step + 1] as number);
    }
    this.#closures.set(start, closure);
    return closure;
  }

  /** Whether this input leads silently from a component to another one, or both are the same. */
  leadsSilently(from: number, input: number, to: number): boolean {
    if (from === to) return true;
    if (this.search.table.isDown(from)) return false; // it takes in nothing
    const at = this.search.effectsOf(from, input);
    if (at < 0) return false;
    const { items } = this.search.effects;
    const end = at + 1 + (items[at] as number) * 2;
    for (let effect = at + 1; effect < end; effect += 2)
      if (items[effect] === to && this.search.isSilent(from, to, items[effect + 1] as number)) return true;
    return false;
  }

  /** Whether silent steps lead from a component to another one. */
  reaches(from: number, to: number): boolean {
    return this.silentClosure(from).has(to);
  }

  /**
   * For each of these local states the components that have it; or that silent steps lead to it from, and
   * which have the timers and the outbox that are then left as they are.
   */
  standingFor(locals: Iterable<number>, among: Iterable<number>): ReadonlyMap<number, readonly number[]> {
    const found = new Map([...locals].map((local) => [local, [] as number[]]));
    for (const component of among) found.get(this.search.table.localOf[component]!)?.push(component);
    return found;
  }
}
