// The cache of macro-steps from one component, keyed by the inputs that matter to them. A macro-step is zero
// or more silent actions of one node and then a visible one (see visible-steps.ts; local-search.ts finds them).
//
// Of all deliverable inputs only those matter that have an effect on some component of a search. So each
// component from which a search was made has an entry with two sets: the inputs that had an effect on any
// component visited by any search from there, and those that were tried and had none. Two sets of inputs
// that differ in the latter alone have the same macro-steps: step by step, both searches visit the same
// components. So most deliverable messages, old votes and messages that came too late, cost nothing once
// they were tried. Nothing is assumed: an input counts as without effect only after its step was made on
// every component of the entry. One that has had an effect on one of them is not tried on the others: most
// of these steps would lead to local states that no execution has asked for.
//
// The inputs of a list that have an effect are cached by list, and their unions by pairs, so a state costs
// a few table lookups. If more inputs turn out to have an effect, the entry gets a new version, which is
// part of all keys.
//
// Hot file: typed arrays and numbers throughout.

import type { DeliveryKind } from "../model/action.js";
import type { TransitionSystem } from "../model/system.js";
import { type IntList, PairTable } from "../model/tables.js";
import { Tuples } from "../model/tuples.js";
import {
  Exploration,
  type LocalSearch,
  type MacroStep,
  type Selection,
  tooManyMembers,
} from "./local-search.js";
import type { Hop } from "./silent-steps.js";
import { type CountedPlaces, type TalliedSearch, TalliesRefined } from "./tallies/tallied-search.js";

/** In which way an input comes in; it is told apart, since what has had an effect is reported by it. */
const kinds: readonly DeliveryKind[] = ["deliver", "relay", "inject"];

/** All that was found from one component. */
interface CacheEntry {
  /** Another one whenever there are more inputs that have an effect. */
  version: number;
  /** The version for which the results were put into the table. */
  tabled: number;
  readonly lists: Set<number>;
  /** The inputs of these lists: those with an effect on one of the members, and those without. */
  readonly effective: Set<number>;
  readonly idle: Set<number>;
  /** The components that were looked at. All idle inputs were tried on each of them. */
  readonly members: Set<number>;
  /**
   * Whether its searches are those of tallied-exploration.ts, and where they tried the inputs of one tally
   * alone.
   */
  readonly isTallied: boolean;
  readonly counted: CountedPlaces;
  /** What was found, with the lists under which it was. */
  readonly results: { readonly result: number; readonly lists: IntList }[];
}

/** What a search inside the node has found. */
interface Found {
  readonly macroSteps: readonly MacroStep[];
  /** The inputs that had an effect. */
  readonly effective: ReadonlySet<number>;
}

/** A search by tallies that was made, while what follows from it is taken down. */
interface Unfinished extends Found {
  readonly entry: CacheEntry;
  readonly lists: readonly number[];
  isNoted: boolean;
}

/** The cached macro-steps of one node. */
export class MacroStepCache {
  /** The macro-steps that were found: by their number, where each ends. */
  readonly macroSteps: (readonly MacroStep[])[] = [];
  readonly #system: TransitionSystem;
  readonly #search: LocalSearch;
  readonly #exploration: Exploration;
  readonly #tallied: TalliedSearch | null;
  readonly #select: Selection;
  readonly #entries: (CacheEntry | undefined)[] = [];
  #versions = 0;
  /** (version of an entry, list) -> the set of its inputs that have an effect there. */
  readonly #filtered = new PairTable();
  /** Sets of inputs, each with how it comes in. Set 0 is the empty one. */
  readonly #sets: Int32Array[] = [];
  readonly #setIds = new Tuples();
  readonly #unions = new PairTable();
  /** (version of an entry, set) -> number of the macro-steps. */
  readonly #results = new PairTable();

  /** The last search by tallies, if it was abandoned after it was made; it is not made again then. */
  #unfinished: Unfinished | null = null;
  /** Of the inputs that were united, so many were asked about, and so many are done with. */
  #asked = 0;
  #reviewed = 0;
  /** How many searches had too many components to look at all of them. */
  #givenUp = 0;
  /** The search that is under way, or was abandoned last; null if the last one was finished. */
  underWay: Exploration | null = null;

  /**
   * `tallied`: what is searched with where the search inside the node has too many members; null: that has
   * no limit.
   */
  constructor(
    system: TransitionSystem,
    search: LocalSearch,
    select: Selection,
    maxStates: number,
    tallied: TalliedSearch | null = null,
  ) {
    this.#system = system;
    this.#search = search;
    this.#exploration = new Exploration(search, maxStates);
    this.#tallied = tallied;
    if (tallied) this.#exploration.limit = tallied.fromAfter(0);
    this.#select = select;
    this.#setOf([]);
  }

  /** The number of the macro-steps from a component under the inputs of these lists. */
  from(start: number, lists: IntList): number {
    const entry = this.#entries[start] ?? this.#begin(start);
    const set = this.#effectiveOf(entry, lists);
    const known = this.#results.get(entry.version, set);
    return known >= 0 ? known : this.#explore(entry, start, lists);
  }

  /**
   * From now on every search from a component that was not searched from before looks at all that it can
   * reach.
   */
  forgoTallies(): void {
    this.#exploration.limit = Number.POSITIVE_INFINITY;
  }

  /** The shortest way to a target, if searches from this component are made by tallies; otherwise null. */
  path(
    start: number,
    lists: readonly number[],
    isTarget: (to: number, events: number) => boolean,
    isOnTheWay: (from: number, to: number, events: number) => boolean,
  ): readonly Hop[] | null {
    const isTallied = [start, this.#search.table.bare(start)].some((from) => this.#entries[from]?.isTallied);
    if (!isTallied) return null;
    this.#tallied!.exploration.begin(lists);
    return this.#tallied!.exploration.path(start, isTarget, isOnTheWay);
  }

  #begin(start: number, isTallied = false): CacheEntry {
    const entry: CacheEntry = {
      version: ++this.#versions,
      tabled: this.#versions,
      lists: new Set(),
      effective: new Set(),
      idle: new Set(),
      members: new Set(),
      isTallied,
      counted: new Map(),
      results: [],
    };
    this.#entries[start] = entry;
    return entry;
  }

  /** The inputs of these lists that have an effect, as a set. What was found before is in the table then. */
  #effectiveOf(entry: CacheEntry, lists: IntList): number {
    for (;;) {
      const { version } = entry;
      const set = this.#union(entry, lists);
      if (entry.version !== version) continue; // one of the lists was new, and had more of them
      if (entry.tabled === version) return set;
      for (const found of entry.results)
        this.#results.set(version, this.#union(entry, found.lists), found.result);
      entry.tabled = version;
    }
  }

  #union(entry: CacheEntry, lists: IntList): number {
    let set = 0;
    for (let index = 0; index < lists.length; index++) {
      const list = lists.items[index] as number;
      const known = this.#filtered.get(entry.version, list);
      const some = known >= 0 ? known : this.#filter(entry, list);
      if (some === 0 || some === set) continue;
      if (set === 0) set = some;
      else {
        const [low, high] = set < some ? [set, some] : [some, set];
        const union = this.#unions.get(low, high);
        set = union >= 0 ? union : this.#unite(low, high);
      }
    }
    return set;
  }

  #unite(a: number, b: number): number {
    const union = this.#setOf([...this.#sets[a]!, ...this.#sets[b]!]);
    this.#unions.set(a, b, union);
    return union;
  }

  #setOf(inputs: readonly number[]): number {
    const sorted = Int32Array.from(new Set(inputs)).sort();
    const id = this.#setIds.id(sorted);
    if (id === this.#sets.length) this.#sets.push(sorted);
    return id;
  }

  #filter(entry: CacheEntry, list: number): number {
    if (!entry.lists.has(list)) this.#take(entry, list);
    const kind = Math.max(0, kinds.indexOf(this.#system.listOf(list).kind as DeliveryKind));
    const inputs = this.#search.inputsOf(list).filter((input) => entry.effective.has(input));
    const set = this.#setOf(inputs.map((input) => input * kinds.length + kind));
    this.#filtered.set(entry.version, list, set);
    return set;
  }

  /**
   * Tries the inputs of a list that is new to an entry. Nothing is taken down before all were tried, for it may
   * be abandoned: an input that has an effect must not be left among those that have none.
   */
  #take(entry: CacheEntry, list: number): void {
    const { effective, idle } = entry;
    const fresh = new Set(
      this.#search.inputsOf(list).filter((input) => !effective.has(input) && !idle.has(input)),
    );
    const found = this.#search.effectiveAmong(fresh, entry.members);
    const more = this.#tallied?.effectiveAmong(fresh, entry.counted) ?? [];
    entry.lists.add(list);
    for (const input of fresh) idle.add(input);
    this.#promote(entry, [...found, ...more]);
  }

  #promote(entry: CacheEntry, inputs: Iterable<number>): void {
    const before = entry.effective.size;
    for (const input of inputs) {
      entry.effective.add(input);
      entry.idle.delete(input);
    }
    if (entry.effective.size > before) entry.version = ++this.#versions;
  }

  #explore(entry: CacheEntry, start: number, lists: IntList): number {
    const all = [...lists.items.subarray(0, lists.length)];
    const found = this.#find(entry, start, all);
    if (found === null) {
      this.#begin(start, true);
      return this.from(start, lists);
    }
    const { macroSteps, effective } = found; // up to here it may be abandoned
    const result = this.macroSteps.push(macroSteps) - 1;
    const isTabled = entry.tabled === entry.version;
    entry.results.push({ result, lists: lists.copy() });
    const set = this.#effectiveOf(entry, lists);
    if (isTabled) this.#results.set(entry.version, set, result);
    for (const input of this.#sets[set]!) {
      const number = Math.floor(input / kinds.length);
      if (effective.has(number)) this.#search.announce(number, kinds[input % kinds.length]!);
    }
    return result;
  }

  /** What is found; null if there are too many components for a search that looks at all of them. */
  #find(entry: CacheEntry, start: number, lists: readonly number[]): Found | null {
    if (entry.isTallied) return this.#findByTallies(entry, start, lists);
    const exploration = this.#exploration;
    this.underWay = exploration;
    exploration.begin(lists);
    try {
      const macroSteps = this.#select(exploration, start);
      const effective = new Set(exploration.effective.all());
      this.#note(entry, exploration.members.all());
      this.underWay = null;
      return { macroSteps, effective };
    } catch (error) {
      if (error !== tooManyMembers) throw error;
      exploration.limit = this.#tallied!.fromAfter(++this.#givenUp);
      return null;
    }
  }

  /**
   * If it is abandoned, the next call, which is for the same component and inputs, goes on from there: so the
   * same steps are evaluated in the same order (see journal.ts).
   */
  #findByTallies(entry: CacheEntry, start: number, lists: readonly number[]): Found {
    const tallied = this.#tallied!;
    this.underWay = tallied.exploration;
    let found = this.#unfinished;
    if (found?.entry !== entry || found.lists.join() !== lists.join()) {
      const macroSteps = tallied.select(start, lists);
      const effective = new Set(tallied.exploration.effective.all());
      found = { entry, lists, macroSteps, effective, isNoted: false };
      this.#unfinished = found;
    }
    if (!found.isNoted) this.#note(entry, tallied.looked);
    found.isNoted = true;
    this.#reviewEarlier();
    this.#unfinished = null;
    this.underWay = null;
    return found;
  }

  /**
   * Takes down where a search has looked, and which of the entry's other inputs have an effect there.
   * Returns whether there are any.
   */
  #note(entry: CacheEntry, looked: Iterable<number>): boolean {
    const { version } = entry;
    const fresh = [...new Set(looked)].filter((member) => !entry.members.has(member));
    const found = this.#search.effectiveAmong(entry.idle, fresh); // it may be abandoned here
    const more = this.#tallied?.effectiveAmong(entry.idle, this.#tallied.countedBeyond(entry.counted)) ?? [];
    for (const member of fresh) entry.members.add(member);
    if (entry.isTallied) this.#tallied!.addCounted(entry.counted);
    this.#promote(entry, [...found, ...more]);
    return entry.version !== version;
  }

  /**
   * If the partition into tallies was changed: whether that makes a difference to earlier searches. If it is
   * abandoned, it goes on from there.
   */
  #reviewEarlier(): void {
    const tallied = this.#tallied!;
    for (; this.#reviewed < tallied.united.length; this.#reviewed = this.#asked) {
      if (this.#asked === this.#reviewed) this.#askEarlier();
      tallied.makeAgain((start) => this.#note(this.#entries[start]!, tallied.looked));
    }
    tallied.united.length = 0;
    this.#reviewed = 0;
    this.#asked = 0;
  }

  /**
   * Whether inputs that were united have an effect that an earlier search has not seen. One that had an effect in
   * another search from the same component is not idle: it is up to the searches that were made without it.
   */
  #askEarlier(): void {
    const tallied = this.#tallied!;
    const united = new Set(tallied.united);
    for (const [start, entry] of this.#entries.entries()) {
      if (!entry?.isTallied) continue;
      const among = (inputs: ReadonlySet<number>) =>
        tallied.effectiveAmong(new Set([...united].filter((input) => inputs.has(input))), entry.counted);
      if (among(entry.idle).size > 0) throw new TalliesRefined();
      tallied.doubt(start, among(entry.effective));
    }
    this.#asked = tallied.united.length;
  }
}
