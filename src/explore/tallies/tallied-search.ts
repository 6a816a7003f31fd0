// Searches inside one node by tallies, repeated when two tallies turn out to depend on each other.
//
// A search is repeated as long as its own walks (see contract.ts) change the partition. An earlier search
// that used two tallies which are one now may have missed something, so it is repeated as well. If its
// macro-steps have changed, states were expanded without them: then the whole search begins again, with
// what has been learned.

import { UserError } from "../../model/errors.js";
import type { LocalSearch, MacroStep, Selection } from "../local-search.js";
import { type Breach, Contract } from "./contract.js";
import { Journal } from "./journal.js";
import { TalliedExploration } from "./tallied-exploration.js";
import { Tallies } from "./tallies.js";
import type { TallyBook } from "./tally-book.js";

/** By tally: the components at which its inputs alone were tried. */
export type CountedPlaces = Map<number, Set<number>>;

/** A search that was made. */
interface Made {
  readonly start: number;
  readonly lists: readonly number[];
  readonly macroSteps: readonly MacroStep[];
  /** The inputs that had an effect. */
  effective: Int32Array;
}

function keyOf({ target, events }: MacroStep): string {
  return `${target},${events}`;
}

/** Thrown when an earlier search inside a node has missed something. */
export class TalliesRefined extends Error {}

/** All searches inside one node, by tallies. */
export class TalliedSearch {
  readonly exploration: TalliedExploration;
  readonly #book: TallyBook;
  readonly #selection: Selection;
  readonly #search: LocalSearch;
  readonly #tallies: Tallies;
  readonly #contract: Contract;
  /** What the search that is under way has learned. */
  readonly #journal = new Journal();
  /** The searches made so far. */
  readonly #made: Made[] = [];
  /** Those of them that have to be made again. */
  readonly #affected = new Set<Made>();
  /** Inputs whose tallies have become one since earlier searches were reviewed. */
  readonly united: number[] = [];

  constructor(search: LocalSearch, select: Selection, node: number, book: TallyBook, maxStates: number) {
    this.#selection = select;
    this.#search = search;
    this.#book = book;
    this.#tallies = new Tallies(search, book.nodes, book.learned[node] ?? [], this.#journal);
    book.tallies[node] = this.#tallies;
    this.exploration = new TalliedExploration(this.#tallies, maxStates);
    this.#contract = new Contract(this.exploration, this.#journal);
    this.#tallies.onUnion = (one, other) => this.#uniting(one, other);
  }

  /** A search inside the node with so many components is made by tallies, once so many were given up for that. */
  fromAfter(givenUp: number): number {
    return this.#book.fromAfter(givenUp);
  }

  /** The macro-steps of a component under the inputs of these lists. */
  select(start: number, lists: readonly number[]): readonly MacroStep[] {
    const macroSteps = this.#selectAtOnce(start, lists);
    this.#made.push({ start, lists, macroSteps, effective: this.exploration.effective.all().slice() });
    this.#book.searches++;
    return macroSteps;
  }

  /**
   * Makes again what has to be; `note` is called after each, and says whether its places show that more has
   * an effect there.
   *
   * @throws {TalliesRefined} if an earlier search has missed something.
   */
  makeAgain(note: (start: number) => boolean): void {
    for (const made of this.#affected) {
      const macroSteps = this.#selectAtOnce(made.start, made.lists);
      const before = new Set(made.macroSteps.map(keyOf));
      const isSame = macroSteps.length === before.size && macroSteps.every((step) => before.has(keyOf(step)));
      if (!isSame || note(made.start)) throw new TalliesRefined("tallies were refined");
      made.effective = this.exploration.effective.all().slice();
      this.#affected.delete(made);
    }
  }

  /** If it is abandoned, it is as if it had not been begun. */
  #selectAtOnce(start: number, lists: readonly number[]): readonly MacroStep[] {
    const { checks } = this.#contract;
    const macroSteps = this.#journal.during(() => this.#selectUntilStable(start, lists));
    this.#book.checks += this.#contract.checks - checks;
    return macroSteps;
  }

  #selectUntilStable(start: number, lists: readonly number[]): readonly MacroStep[] {
    for (;;) {
      const { version } = this.#tallies;
      this.exploration.begin(lists);
      this.#contract.places.length = 0;
      const macroSteps = this.#selection(this.exploration, start);
      const roots = [...this.exploration.members.all().subarray(0, this.exploration.mainCount)];
      for (const root of roots) this.#check(root);
      if (this.#tallies.version === version) return macroSteps;
    }
  }

  /** The components at which the last search has tried all inputs. */
  get looked(): readonly number[] {
    return [...this.exploration.members.all(), ...this.#contract.places];
  }

  /** Where the last search has tried the inputs of one tally, without these places. */
  countedBeyond(places: CountedPlaces): CountedPlaces {
    const beyond: CountedPlaces = new Map();
    for (const { component, tally } of this.exploration.counted)
      if (!places.get(tally)?.has(component))
        beyond.set(tally, (beyond.get(tally) ?? new Set()).add(component));
    return beyond;
  }

  /** Adds them to these places. */
  addCounted(places: CountedPlaces): void {
    for (const { component, tally } of this.exploration.counted)
      places.set(tally, (places.get(tally) ?? new Set()).add(component));
  }

  /** The inputs among `candidates` that have an effect where the inputs of their tally were tried. */
  effectiveAmong(candidates: ReadonlySet<number>, places: CountedPlaces): Set<number> {
    const found = new Set<number>();
    if (places.size === 0) return found;
    const byTally = new Map<number, number[]>();
    for (const input of candidates) {
      this.#tallies.meet(input); // one that has just come in was at hand of no search
      const tally = this.#tallies.of(input);
      if (tally >= 0) byTally.set(tally, [...(byTally.get(tally) ?? []), input]);
    }
    for (const [other, components] of places) {
      const inputs = (byTally.get(this.#tallies.current(other)) ?? []).filter((input) => !found.has(input));
      for (const input of this.#search.effectiveAmong(inputs, components)) found.add(input);
    }
    return found;
  }

  /**
   * Has those searches from a component made again in which one of these inputs was at hand and had no effect. It has one
   * where the inputs of its tally were tried, but perhaps was of another tally then.
   */
  doubt(start: number, inputs: ReadonlySet<number>): void {
    if (inputs.size === 0) return;
    for (const made of this.#made) {
      if (made.start !== start || this.#affected.has(made)) continue;
      const effective = new Set(made.effective);
      const isMissing = (input: number) => inputs.has(input) && !effective.has(input);
      if (made.lists.some((list) => this.#search.inputsOf(list).some(isMissing))) this.#affected.add(made);
    }
  }

  #uniting(one: readonly number[], other: readonly number[]): void {
    const before = this.united.length;
    this.united.push(...one, ...other);
    this.#journal.changed(() => {
      this.united.length = before;
    });
    const [first, second] = [new Set(one), new Set(other)];
    for (const made of this.#made) {
      const { effective } = made;
      if (this.#affected.has(made)) continue;
      if (effective.some((input) => first.has(input)) && effective.some((input) => second.has(input))) {
        this.#affected.add(made);
        this.#journal.changed(() => this.#affected.delete(made));
      }
    }
  }

  #check(root: number): void {
    for (;;) {
      const breach = this.#contract.breach(root);
      if (breach === null) return;
      if (this.#tallies.areNamed) throw new UserError("protocol-malformed", this.#problem(breach));
      this.#tallies.unite(breach.counts, breach.other);
      if (this.#book.before !== null) throw new TalliesRefined(); // nobody knows what it means for states that were resumed
    }
  }

  /** What is wrong with the author's tallies, with the two histories. */
  #problem({ root, before, counts, other }: Breach): string {
    const { table } = this.#search;
    const text = (input: number) => JSON.stringify(this.#search.describe(input));
    const history = (...last: readonly number[]) =>
      [...before, ...last].map((input) => `  ${text(input)}`).join("\n");
    return (
      `tally() of ${table.spec.id} keeps apart what has to do with each other. From the state ${JSON.stringify(table.local(root))}\n` +
      `${history(counts, other)}\ncomes out differently from the other order,\n${history(other, counts)}\n` +
      "Give the last two the same tally, or leave tally() out."
    );
  }
}
