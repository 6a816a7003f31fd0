// Checks the contract of tallies (see tallied-exploration.ts) along walks from every root: counting steps
// of all tallies, one after the other, until nothing counts any more. Some walks go in any order; others
// take one tally after the other. At each step, every input of another tally that has an effect behind it
// has to have had the same effect before it. At first there are many walks from each root: one that begins
// with each tally, and some more. Once a number of pairs have been tried, there is one.
//
// What that verifies, and what is trusted. A rule that ties votes of several tallies together is seen when
// a walk crosses the point where it begins to matter. Walks pass through every number of counted votes, in
// many orders, and what one of them finds holds for all roots, those before it included. But a rule that
// treats some subsets of the votes of several tallies differently from all others is missed if no walk
// meets one of them. That there is no such rule is trusted: nobody can know who does not try all subsets.
// So a verdict says that it rests on this, and searches inside a node that are small enough try them all.

import { glance } from "../../watch/clock.js";
import { InputSet } from "../input-set.js";
import type { Journal } from "./journal.js";
import type { TalliedExploration } from "./tallied-exploration.js";

/** Two inputs of different tallies that are not independent of each other. */
export interface Breach {
  /** The root, and what has happened to it before, in order. */
  readonly root: number;
  readonly before: readonly number[];
  /** It counts there, and cannot be postponed until after the other. */
  readonly counts: number;
  readonly other: number;
}

/** So many pairs of inputs are tried with many walks from each root. */
const thoroughChecks = 20_000;
/** How many of them go in any order. */
const moreWalks = 30;

/** In the place of the tally with which a walk begins. */
const anyOrder = -1;
const anyTally = -2;

/** What is known about the walks from a root. */
interface Walked {
  /** Where they have ended. */
  readonly ends: ReadonlySet<number>;
  /** The inputs that had an effect at the root or there. */
  readonly effective: ReadonlySet<number>;
  /** Inputs that were tried at the root and there: those with an effect are among `effective`. */
  readonly asked: InputSet;
}

/** Checks the contract of tallies for one node. */
export class Contract {
  /** How many pairs of inputs were tried. */
  checks = 0;
  /** Where walks of the search at hand began and ended: all inputs were tried there. */
  readonly ends: number[] = [];
  readonly #exploration: TalliedExploration;
  readonly #journal: Journal;
  /** Per root. */
  readonly #walked: (Walked | undefined)[] = [];
  #walks = 0;
  #random = 1;

  /** `journal`: where changes are taken down. */
  constructor(exploration: TalliedExploration, journal: Journal) {
    this.#exploration = exploration;
    this.#journal = journal;
  }

  /**
   * The first breach found on a walk from a root, or null. Known roots are left alone unless other inputs
   * have an effect now.
   */
  breach(root: number): Breach | null {
    const before = this.#walked[root];
    const { inputsAtHand } = this.#exploration;
    if (before && before.ends.size > 0 && inputsAtHand.isWithin(before.asked)) {
      this.ends.push(...before.ends);
      return null;
    }
    const places = [root, ...(before?.ends ?? [])];
    const isNew = (input: number) => !before!.effective.has(input);
    if (before && before.ends.size > 0 && !places.some((place) => this.#effectiveAt(place).some(isNew))) {
      before.asked.addAll(inputsAtHand);
      this.ends.push(...before.ends);
      return null;
    }
    const [checks, walks] = [this.checks, this.#walks];
    this.#journal.changed(() => {
      this.#walked[root] = before;
      [this.checks, this.#walks] = [checks, walks];
    });
    const ends = new Set(before?.ends);
    const effective = new Set(before?.effective);
    this.#walked[root] = { ends, effective, asked: new InputSet() };
    for (const first of this.#firstOf(root)) {
      const breach = this.#walk(root, ends, first);
      if (breach !== null) return breach;
    }
    for (const place of [root, ...ends]) for (const input of this.#effectiveAt(place)) effective.add(input);
    this.ends.push(...ends);
    return null;
  }

  #effectiveAt(component: number): number[] {
    return this.#exploration.effectiveHere(component).filter((_, index) => index % 2 === 0);
  }

  /** With which tally each of the walks from a root begins; `anyOrder`: with any, and in any order. */
  #firstOf(root: number): readonly number[] {
    const { tallies } = this.#exploration;
    if (this.checks >= thoroughChecks) return [this.#walks % 2 === 0 ? anyOrder : anyTally];
    const counting = this.#effectiveAt(root).filter((input) => tallies.counts(root, input) >= 0);
    const first = new Set(counting.map((input) => tallies.of(input)));
    return [...first, ...new Array<number>(moreWalks).fill(anyOrder)];
  }

  /**
   * `first`: the tally that is counted first, as far as it goes, and then one after the other; or
   * `anyOrder`, `anyTally`.
   */
  #walk(root: number, ends: Set<number>, first: number): Breach | null {
    const { tallies, search } = this.#exploration;
    const before: number[] = [];
    let last = first;
    this.#walks++;
    this.#random = (root * 7919 + this.#walks * 104729) & 0x7fffffff;
    for (let component = root; ; ) {
      glance();
      let candidates = this.#effectiveAt(component).filter((input) => tallies.counts(component, input) >= 0);
      if (candidates.length === 0) {
        ends.add(component);
        return null;
      }
      const same = candidates.filter((input) => tallies.of(input) === last);
      if (same.length > 0) candidates = same;
      const input = candidates[this.#draw(candidates.length)]!;
      if (first !== anyOrder) last = tallies.of(input);
      const target = search.effects.items[search.effectsOf(component, input) + 1] as number;
      for (const other of this.#effectiveAt(target)) {
        if (other === input || tallies.of(other) === tallies.of(input)) continue;
        this.checks++;
        if (!this.#canBePostponed(component, input, target, other))
          return { root, before, counts: input, other };
      }
      before.push(input);
      component = target;
    }
  }

  /**
   * Whether an input that counts (leading to `target`) can come after another one that has an effect behind
   * it.
   */
  #canBePostponed(component: number, input: number, target: number, other: number): boolean {
    const { tallies, search } = this.#exploration;
    const { outboxOf, crashesOf } = search.table;
    const now = search.effectsOf(component, other);
    if (now < 0) return false;
    const isCounted = tallies.counts(target, other) >= 0;
    if (isCounted !== tallies.counts(component, other) >= 0) return false;
    const later = search.effectsOf(target, other);
    const pairs = (at: number) => {
      const items = search.effects.items;
      return Array.from({ length: items[at] as number }, (_, index) => ({
        target: items[at + 1 + 2 * index] as number,
        events: items[at + 2 + 2 * index] as number,
      }));
    };
    const leadsTo = (from: number, to: number) => {
      if (from === to) return true;
      if (isCounted && tallies.counts(from, input) < 0) return false;
      const at = search.effectsOf(from, input);
      return (
        at >= 0 &&
        pairs(at).some((step) => step.target === to && search.isSilent(from, step.target, step.events))
      );
    };
    const first = pairs(now);
    return pairs(later).every((step) =>
      first.some(
        (same) =>
          same.events === step.events &&
          outboxOf[same.target] === outboxOf[step.target] &&
          crashesOf[same.target] === crashesOf[step.target] &&
          leadsTo(same.target, step.target),
      ),
    );
  }

  #draw(count: number): number {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) & 0x7fffffff;
    return (this.#random >> 8) % count;
  }
}
