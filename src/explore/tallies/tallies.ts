// The tallies of one node: which of its inputs are counted together. An input *counts* in a component if it
// is a packet with one outcome that is silent, leaves the timers alone and adds one element to one array of
// the local state.
//
// Inputs whose elements differ in nothing but the names of nodes are counted together: votes for the same
// thing. That is where a partition begins; the contract (see contract.ts) is what makes it right. Whenever
// the contract is seen broken between two inputs, their tallies become one, and stay one. The partition
// with a single tally is always right. Where the protocol's author names the tallies (`Behaviour.tally`),
// only what has a name counts, and names are never made one.

import { PairTable } from "../../model/tables.js";
import type { LocalSearch } from "../local-search.js";
import { Additions } from "./additions.js";
import type { Journal } from "./journal.js";

/** Inputs of one tally, as data: so the next search can begin with what this one has learned. */
export type LearnedTallies = readonly (readonly string[])[];

/** The partition of one node's inputs into tallies. */
export class Tallies {
  readonly search: LocalSearch;
  readonly additions: Additions;
  readonly #journal: Journal;
  /** Grows with every change of the partition. */
  version = 0;
  /** Called before two sets of inputs become one tally. */
  onUnion: (one: readonly number[], other: readonly number[]) => void = () => {};
  /** Tallies by number: each has a parent, which is itself for those that exist. */
  readonly #parents: number[] = [];
  /** The inputs of those that exist. */
  readonly #inputs: number[][] = [];
  readonly #byKind = new Map<string, number>();
  readonly #byInput: (number | undefined)[] = [];
  /** (component, input) -> the addition, + 1; 0: it does not count there. */
  readonly #counts = new PairTable();
  /** Pairs in that table that count, but were taken back: they have to be met once more. */
  readonly #takenBack = new Set<number>();
  /** Per addition: the inputs that were seen to add it. */
  readonly #adding: Set<number>[] = [];

  /** Per text of an input: the number of the learned tally that it is in; for that, its tally here. */
  readonly #learned = new Map<string, number>();
  readonly #fromLearned: (number | undefined)[] = [];
  readonly #met = new Set<number>();

  /** The author's names for tallies, if there are any. */
  readonly #named: ((input: number) => string | null) | null;

  /**
   * `nodes`: the names of all nodes. `learned`: inputs that are known to be of one tally. `journal`: where changes
   * are taken down.
   */
  constructor(search: LocalSearch, nodes: readonly string[], learned: LearnedTallies, journal: Journal) {
    this.search = search;
    this.#journal = journal;
    this.#named = search.tallyNames();
    this.additions = new Additions(search.table, nodes);
    this.learn(learned);
  }

  /** Takes over what is known to be of one tally, before the first input is met. */
  learn(learned: LearnedTallies): void {
    for (const [index, texts] of learned.entries()) for (const text of texts) this.#learned.set(text, index);
  }

  /** Has to be called with every input before it is asked about. */
  meet(input: number): void {
    if ((this.#learned.size === 0 && this.#named === null) || this.#met.has(input)) return;
    this.#met.add(input);
    this.#journal.changed(() => this.#met.delete(input));
    if (this.#named !== null) {
      const name = this.#named(input);
      if (name !== null) this.#ofKind(input, name);
      return;
    }
    const index = this.#learned.get(JSON.stringify(this.search.describe(input)));
    if (index === undefined) return;
    const tally = this.#fromLearned[index];
    if (tally === undefined) {
      this.#fromLearned[index] = this.#new(input);
      this.#journal.changed(() => {
        this.#fromLearned[index] = undefined;
      });
    } else if (this.of(input) < 0) this.#join(input, this.#find(tally));
    else this.#merge(this.of(input), this.#find(tally));
  }

  /** The tally of an input, or -1. */
  of(input: number): number {
    const tally = this.#byInput[input];
    return tally === undefined ? -1 : this.#find(tally);
  }

  /** Whether the protocol's author has named the tallies. */
  get areNamed(): boolean {
    return this.#named !== null;
  }

  /** The tally that one has become. */
  current(tally: number): number {
    return this.#find(tally);
  }

  /** The element that an input adds where it counts; -1: it does not count in this component. */
  counts(component: number, input: number): number {
    const known = this.#counts.get(component, input);
    if (known > 0 && this.#takenBack.size > 0 && this.#takenBack.delete(pairOf(component, input)))
      this.#meetCounting(component, input, known - 1);
    if (known >= 0) return known - 1;
    const addition = this.#addition(component, input);
    this.#counts.set(component, input, addition + 1);
    if (addition >= 0) this.#meetCounting(component, input, addition);
    return addition;
  }

  #meetCounting(component: number, input: number, addition: number): void {
    this.#journal.changed(() => this.#takenBack.add(pairOf(component, input)));
    this.#adding[addition] ??= new Set();
    const adding = this.#adding[addition];
    if (!adding.has(input)) {
      adding.add(input);
      this.#journal.changed(() => adding.delete(input));
    }
    if (this.#named === null) this.#ofKind(input, this.additions.kindOf(addition));
  }

  /** The inputs that were seen to add an element. */
  adding(addition: number): Iterable<number> {
    return this.#adding[addition] ?? [];
  }

  /** Makes the tallies of two inputs one; the first is in one. */
  unite(one: number, other: number): void {
    const tally = this.of(one);
    const second = this.of(other);
    if (tally === second) return;
    if (second < 0) this.#join(other, tally);
    else this.#merge(tally, second);
  }

  /** The tallies of more than one input. */
  learned(): LearnedTallies {
    return this.#inputs
      .filter((inputs, tally) => this.#parents[tally] === tally && inputs.length > 1)
      .map((inputs) => inputs.map((input) => JSON.stringify(this.search.describe(input))));
  }

  #addition(component: number, input: number): number {
    const { search } = this;
    const at = search.effectsOf(component, input);
    if (this.#named !== null && this.of(input) < 0) return -1;
    if (at < 0 || !search.hasOneOutcome(at)) return -1;
    const effects = search.effects.items;
    const target = effects[at + 1] as number;
    const { localOf, timersOf } = search.table;
    if (timersOf[target] !== timersOf[component]) return -1;
    if (!search.isSilent(component, target, effects[at + 2] as number)) return -1;
    const added = this.additions.between(localOf[component]!, localOf[target]!);
    return added?.length === 1 ? added[0]! : -1;
  }

  /** Puts an input into the tally of a kind. */
  #ofKind(input: number, kind: string): void {
    const known = this.#byKind.get(kind);
    if (known === undefined) {
      const tally = this.of(input);
      this.#byKind.set(kind, tally < 0 ? this.#new(input) : tally);
      this.#journal.changed(() => this.#byKind.delete(kind));
    } else if (this.of(input) < 0) this.#join(input, this.#find(known));
    else this.#merge(this.of(input), this.#find(known));
  }

  #new(input: number): number {
    const tally = this.#parents.push(this.#parents.length) - 1;
    this.#inputs.push([]);
    this.#journal.changed(() => {
      this.#parents.pop();
      this.#inputs.pop();
    });
    this.#join(input, tally);
    return tally;
  }

  #join(input: number, tally: number): void {
    this.onUnion([input], this.#inputs[tally]!);
    this.#byInput[input] = tally;
    this.#inputs[tally]!.push(input);
    this.version++;
    this.#journal.changed(() => {
      this.#byInput[input] = undefined;
      this.#inputs[tally]!.pop();
    });
  }

  #merge(one: number, other: number): void {
    if (one === other) return;
    this.onUnion(this.#inputs[one]!, this.#inputs[other]!);
    const before = this.#inputs[one]!.length;
    const moved = this.#inputs[other]!;
    this.#parents[other] = one;
    this.#inputs[one]!.push(...moved);
    this.#inputs[other] = [];
    this.version++;
    this.#journal.changed(() => {
      this.#parents[other] = other;
      this.#inputs[one]!.length = before;
      this.#inputs[other] = moved;
    });
  }

  #find(tally: number): number {
    let at = tally;
    while (this.#parents[at] !== at) at = this.#parents[at]!;
    return at;
  }
}

/** A component and an input as one number. */
export function pairOf(component: number, input: number): number {
  return component * 2 ** 26 + input;
}
