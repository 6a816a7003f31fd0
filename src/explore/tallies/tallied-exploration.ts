// A search inside one node that does not enumerate every subset of the votes it could have counted. With k
// tallies of m votes each, the whole search looks at 2^(km) local states; this one at k 2^m for each root.
//
// A root is a component at which all inputs are tried: the start, and what a silent step leads to that does
// not count. From a root, the counting steps of each tally are followed by themselves, and wherever they
// lead, the inputs of that tally are tried. What does more than count leads to another root, or is a
// macro-step. (What counts, and which inputs are counted together: see tallies.ts.)
//
// Contract. Let s count in a component y, leading to y.s, and let e be an input of another tally, or of
// none, with an effect in y.s. Then e has the same effect in y (it shows and sends the same, and counts in
// y if and only if it counts in y.s), and where it leads from y.s is where it leads from y, or where s
// leads silently from there; if e counts, s still counts behind it, or makes no difference. In short: s can
// be postponed until after e. See contract.ts for how that is checked, and what is trusted.
//
// Claim. For every run from x of silent steps and then one visible step there is a macro-step found here
// that shows and sends the same, from whose target the end of the run is silently reachable. Proof, by
// induction on the length of the run: let m be the first step that does not count. By the contract, every
// counting step before it that is not of m's tally can be postponed, one after the other, until after m and
// the counting steps of m's tally, which count as before. Now m happens where only counting steps of its
// own tally have happened since x, so it was tried there, and does not count. If m is the visible step, it
// is the macro-step: what was postponed leads silently from its target to the end of the run. If it is
// silent, its target is a root; from there, what was postponed and the rest of the run are a shorter run.
// The same holds with quiet steps (see dominance.ts) in place of silent ones that do not count.
//
// All subsets of one tally are walked through, not one for each number of votes: two subsets of the same size
// may leave different votes to be counted (a sender that is heard once and could say two things), and it
// would save a tenth to a third of the walk, which is not what takes the time (docs/performance.md).
//
// Of the network nothing is used but that what is deliverable stays deliverable. Not with crashes, which
// leave what was counted; not for liveness, which asks for whole closures.
//
// Hot file: typed arrays and numbered components throughout.

import { glance } from "../../watch/clock.js";
import type { InputSet } from "../input-set.js";
import { Exploration } from "../local-search.js";
import type { Hop } from "../silent-steps.js";
import { stepStride } from "../step-table.js";
import type { Tallies } from "./tallies.js";

/** In the place of a tally: all inputs are tried. */
const atRoot = -1;

/** A component that counting steps of one tally have led to. */
export interface Counted {
  readonly component: number;
  readonly tally: number;
}

/** A search inside one node, by tallies. */
export class TalliedExploration extends Exploration {
  readonly tallies: Tallies;
  /** Where inputs of one tally alone were tried. */
  readonly counted: Counted[] = [];
  readonly #byTally = new Map<number, number[]>();
  #byTallyVersion = -1;
  /** How many members there were when {@link reaches} was asked first, or -1. */
  #reached = -1;

  /** `maxStates`: of so many local states it is given up. */
  constructor(tallies: Tallies, maxStates: number) {
    super(tallies.search, maxStates);
    this.tallies = tallies;
  }

  override begin(lists: readonly number[]): void {
    super.begin(lists);
    for (const input of this.deliverable.all()) this.tallies.meet(input);
    this.#reached = -1;
    this.counted.length = 0;
    this.#byTallyVersion = -1;
  }

  /** Where in `items` stand the steps from a root, and from where counting leads, that do more than count. */
  override steps(root: number): number {
    const known = this.members.get(root);
    if (known >= 0) return known;
    glance();
    this.giveUpBeyond(this.members.size);
    const inputs = this.inputsWithEffect(root);
    const at = this.items.length;
    this.members.set(root, at);
    this.items.push(0);
    const begun = new Set<number>();
    let count = 0;
    for (const input of inputs) count += this.#try(root, input, this.search.effectsOf(root, input), begun);
    const tallies = new Set([...begun].map((input) => this.tallies.of(input)));
    for (const tally of tallies) count += this.#count(root, tally);
    this.items.items[at] = count;
    return at;
  }

  /**
   * How many of the members, from the first on, were looked at for macro-steps, and not just for what is
   * reachable.
   */
  get mainCount(): number {
    return this.#reached < 0 ? this.members.size : this.#reached;
  }

  /** Whether an input is at hand. */
  isDeliverable(input: number): boolean {
    return this.deliverable.get(input) >= 0;
  }

  /** The inputs at hand that have an effect on a component. */
  inputsWithEffect(component: number): number[] {
    const { steps } = this.search;
    const place = this.search.stepsOf(component, this.atHand);
    const found: number[] = [];
    for (let step = steps.first(place); step < steps.end(place); step += stepStride) {
      const input = steps.items[step] as number;
      if (found.at(-1) !== input && this.isDeliverable(input)) found.push(input);
    }
    return found;
  }

  /** The inputs at hand, which change with the next search. */
  get inputsAtHand(): InputSet {
    return this.atHand;
  }

  /** A component stands for all that counting leads to from there: see {@link reaches}. */
  override leadsSilently(): boolean {
    return false;
  }

  /**
   * Nothing is trusted here: the steps are made. One is looked for after the other, so a way that needs an
   * order of its own may be missed; then more macro-steps are kept than needed.
   */
  override reaches(from: number, to: number): boolean {
    if (this.#reached < 0) this.#reached = this.members.size;
    const { localOf, timersOf } = this.search.table;
    for (const root of this.silentClosure(from))
      if (timersOf[root] === timersOf[to] && this.#countsTo(root, localOf[to]!)) return true;
    return false;
  }

  override standingFor(
    locals: Iterable<number>,
    among: Iterable<number>,
  ): ReadonlyMap<number, readonly number[]> {
    const roots = [...among];
    return new Map(
      [...new Set(locals)].map((local) => [local, roots.filter((root) => this.#countsTo(root, local))]),
    );
  }

  /** The shortest way to a target among those that are looked at here; null if there is none. */
  path(
    start: number,
    isTarget: (to: number, events: number) => boolean,
    isOnTheWay: (from: number, to: number, events: number) => boolean,
  ): readonly Hop[] | null {
    interface Place extends Counted {
      readonly hops: readonly Hop[];
    }
    const queue: Place[] = [{ component: start, tally: atRoot, hops: [] }];
    const seen = new Set([`${start},${atRoot}`]);
    for (const { component, tally, hops } of queue) {
      for (const input of this.inputsWithEffect(component)) {
        const effects = this.search.effectsOf(component, input);
        if (tally !== atRoot && this.tallies.of(input) !== tally) continue;
        const counts = this.tallies.counts(component, input) >= 0;
        const count = this.search.effects.items[effects] as number;
        for (let index = 0; index < count; index++) {
          const to = this.search.effects.items[effects + 1 + 2 * index] as number;
          const events = this.search.effects.items[effects + 2 + 2 * index] as number;
          const way = [...hops, { from: component, to, events }];
          if (isTarget(to, events)) return way;
          if (!isOnTheWay(component, to, events)) continue;
          const next = counts ? this.tallies.of(input) : atRoot;
          if (seen.has(`${to},${next}`)) continue;
          seen.add(`${to},${next}`);
          queue.push({ component: to, tally: next, hops: way });
        }
      }
    }
    return null;
  }

  /** Whether counting steps lead from a component to one with this local state. */
  #countsTo(root: number, local: number): boolean {
    const { tallies, search } = this;
    const { localOf } = search.table;
    for (let component = root; ; ) {
      if (localOf[component] === local) return true;
      const missing = tallies.additions.between(localOf[component]!, local);
      if (missing === null) return false;
      const next = this.#counting(component, missing);
      if (next < 0) return false;
      component = next;
    }
  }

  /** Where an input at hand leads that adds one of these elements; -1 if there is none. */
  #counting(component: number, missing: readonly number[]): number {
    const { tallies, search } = this;
    for (const addition of missing)
      for (const input of tallies.adding(addition))
        if (this.isDeliverable(input) && tallies.counts(component, input) === addition)
          return search.effects.items[search.effectsOf(component, input) + 1] as number;
    return -1;
  }

  /**
   * Takes down what an input does to a component, unless it counts: then the input is added to `counting`.
   */
  #try(component: number, input: number, effects: number, counting: Set<number>): number {
    this.effective.set(input, 1);
    if (this.tallies.counts(component, input) >= 0) {
      counting.add(input);
      return 0;
    }
    const { items } = this.search.effects;
    const count = items[effects] as number;
    for (let index = effects + 1; index <= effects + 2 * count; index += 2) {
      const target = items[index] as number;
      this.items.push(input);
      this.items.push(target);
      this.items.push(this.search.shown(component, target, items[index + 1] as number));
    }
    return count;
  }

  /** Follows the counting steps of one tally from a root. */
  #count(root: number, tally: number): number {
    const { search } = this;
    const inputs = this.#inputsOf(tally);
    const reached = new Set([root]);
    const counting = new Set<number>();
    let count = 0;
    for (const component of reached) {
      glance();
      this.giveUpBeyond(this.members.size + this.counted.length);
      counting.clear();
      if (component !== root) this.counted.push({ component, tally });
      for (const input of inputs) {
        const effects = search.effectsOf(component, input);
        if (effects < 0) continue;
        if (component !== root) count += this.#try(component, input, effects, counting);
        else if (this.tallies.counts(root, input) >= 0) counting.add(input);
      }
      for (const input of counting)
        reached.add(search.effects.items[search.effectsOf(component, input) + 1] as number);
    }
    return count;
  }

  #inputsOf(tally: number): readonly number[] {
    if (this.#byTallyVersion !== this.tallies.version) {
      this.#byTallyVersion = this.tallies.version;
      this.#byTally.clear();
      for (const input of this.deliverable.all()) {
        const tally = this.tallies.of(input);
        const inputs = this.#byTally.get(tally);
        if (inputs) inputs.push(input);
        else this.#byTally.set(tally, [input]);
      }
    }
    return this.#byTally.get(tally) ?? [];
  }
}
