// Checks the contract of tallies (see tallied-exploration.ts) along walks from every root: counting steps
// of all tallies, one after the other, until nothing counts any more. Some walks go in any order; others
// take one tally after the other. At each step, every input of another tally that has an effect behind it
// has to have had the same effect before it. At first there are many walks from each root: one that begins
// with each tally, and some more. Once a number of pairs have been tried, there is one.
//
// A root may be reached with other inputs at hand later. Those that are new are held against the steps of all
// walks that are known. And if the inputs with an effect that are at hand now were not all at hand when one of these
// was made, more walks are made: votes for two things may have come one by one, and what needs both is on no earlier
// walk. Once there is one walk from each root, the latest one alone is known: what it has not met counts as new.
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
import { pairOf } from "./tallies.js";

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

/** A step of a walk: an input counted in a component. */
interface Step {
  readonly component: number;
  readonly input: number;
  readonly target: number;
  /** The step before it; null: there it began. */
  readonly after: Step | null;
}

/** Steps that no walk had made before, of walks that were made at once. */
interface Batch {
  readonly steps: readonly Step[];
  /** The inputs that were held against all of them. */
  readonly asked: InputSet;
}

/** What is known about the walks from a root. */
interface Walked {
  readonly batches: readonly Batch[];
  /** Of the inputs that were tried: those that had an effect at the root or where a walk has led. */
  readonly effective: InputSet;
  /** Of these, the sets that were at hand when the walks of these batches were made; none is part of another. */
  readonly together: readonly InputSet[];
  /** Inputs that were held against all walks: those with an effect are among `effective`. */
  readonly asked: InputSet;
}

/** Checks the contract of tallies for one node. */
export class Contract {
  /** How many pairs of inputs were tried. */
  checks = 0;
  /** Where walks from the roots of the search at hand have led: all inputs were tried there. */
  readonly places: number[] = [];
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
   * The first breach found on a walk from a root, or null. Inputs that were not at hand before are held against
   * the walks that were made; if those with an effect were not at hand together, more walks are made.
   */
  breach(root: number): Breach | null {
    const before = this.#walked[root];
    const { inputsAtHand } = this.#exploration;
    if (before && inputsAtHand.isWithin(before.asked) && hasWalkedWith(before, inputsAtHand))
      return this.#holds(root, before);
    const [checks, count] = [this.checks, this.#walks];
    this.#journal.changed(() => {
      this.#walked[root] = before;
      [this.checks, this.#walks] = [checks, count];
    });
    const batches: Batch[] = [];
    for (const batch of before?.batches ?? []) {
      const breach = this.#breachOn(root, batch);
      if (breach !== null) return breach;
      batches.push({ ...batch, asked: union(batch.asked, inputsAtHand) });
    }
    const effective = union(before?.effective ?? new InputSet());
    this.#addEffective(effective, placesOn(root, batches));
    if (before) {
      const now = { ...before, batches, effective, asked: union(before.asked, inputsAtHand) };
      if (hasWalkedWith(now, inputsAtHand)) return this.#holds(root, now);
    }
    return this.#walkFrom(root, { batches, effective, together: before?.together ?? [] });
  }

  /** Makes walks with the inputs at hand, after those that are known. The first breach on them, or null. */
  #walkFrom(root: number, { batches, effective, together }: Omit<Walked, "asked">): Breach | null {
    const { inputsAtHand } = this.#exploration;
    const isThorough = this.checks < thoroughChecks;
    const kept = isThorough ? [...batches] : [];
    const steps: Step[] = [];
    const known = new Set(kept.flatMap((batch) => batch.steps.map(keyOf)));
    for (const first of this.#firstOf(root)) {
      const breach = this.#walk(root, first, (step) => {
        if (known.has(keyOf(step))) return;
        known.add(keyOf(step));
        steps.push(step);
      });
      if (breach !== null) return breach;
    }
    if (steps.length > 0) kept.push({ steps, asked: union(inputsAtHand) });
    this.#addEffective(
      effective,
      steps.map(({ target }) => target),
    );
    const now = effective.in(inputsAtHand);
    const sets = isThorough ? together.filter((set) => !set.isWithin(now)) : [];
    return this.#holds(root, {
      batches: kept,
      effective,
      together: [...sets, now],
      asked: union(inputsAtHand),
    });
  }

  #holds(root: number, walked: Walked): null {
    this.#walked[root] = walked;
    this.places.push(...placesOn(root, walked.batches));
    return null;
  }

  #breachOn(root: number, { steps, asked }: Batch): Breach | null {
    if (this.#exploration.inputsAtHand.isWithin(asked)) return null;
    for (const step of steps) {
      glance();
      const breach = this.#breachAt(root, step, asked);
      if (breach !== null) return breach;
    }
    return null;
  }

  /** Adds the inputs at hand that have an effect at one of these places. */
  #addEffective(effective: InputSet, places: Iterable<number>): void {
    for (const place of places) for (const input of this.#effectiveAt(place)) effective.add(input);
  }

  #effectiveAt(component: number): number[] {
    return this.#exploration.inputsWithEffect(component);
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
  #walk(root: number, first: number, made: (step: Step) => void): Breach | null {
    const { tallies, search } = this.#exploration;
    let after: Step | null = null;
    let last = first;
    this.#walks++;
    this.#random = (root * 7919 + this.#walks * 104729) & 0x7fffffff;
    for (let component = root; ; ) {
      glance();
      let candidates = this.#effectiveAt(component).filter((input) => tallies.counts(component, input) >= 0);
      if (candidates.length === 0) return null;
      const same = candidates.filter((input) => tallies.of(input) === last);
      if (same.length > 0) candidates = same;
      const input = candidates[this.#draw(candidates.length)]!;
      if (first !== anyOrder) last = tallies.of(input);
      const target = search.effects.items[search.effectsOf(component, input) + 1] as number;
      const step: Step = { component, input, target, after };
      const breach = this.#breachAt(root, step, null);
      if (breach !== null) return breach;
      made(step);
      after = step;
      component = target;
    }
  }

  /**
   * Whether the input of a step cannot be postponed until after one that has an effect behind it, and is none
   * of those asked.
   */
  #breachAt(root: number, { component, input, target, after }: Step, asked: InputSet | null): Breach | null {
    const { tallies } = this.#exploration;
    for (const other of this.#effectiveAt(target)) {
      if (other === input || asked?.has(other) || tallies.of(other) === tallies.of(input)) continue;
      this.checks++;
      if (!this.#canBePostponed(component, input, target, other))
        return { root, before: inputsUpTo(after), counts: input, other };
    }
    return null;
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
    const { items } = search.effects; // what stands there stays: a larger array is a copy
    const [first, last] = [now + 1, now + 2 * items[now]!];
    for (let step = later + 1; step < later + 1 + 2 * items[later]!; step += 2) {
      const [to, events] = [items[step]!, items[step + 1]!];
      let isFound = false;
      for (let same = first; same < last && !isFound; same += 2)
        isFound =
          items[same + 1] === events &&
          outboxOf[items[same]!] === outboxOf[to] &&
          crashesOf[items[same]!] === crashesOf[to] &&
          this.#leadsTo(items[same]!, to, input, isCounted);
      if (!isFound) return false;
    }
    return true;
  }

  /** Whether an input leads silently from one component to another, and counts there if `isCounted`; or both are the same. */
  #leadsTo(from: number, to: number, input: number, isCounted: boolean): boolean {
    const { tallies, search } = this.#exploration;
    if (from === to) return true;
    if (isCounted && tallies.counts(from, input) < 0) return false;
    const at = search.effectsOf(from, input);
    if (at < 0) return false;
    const { items } = search.effects;
    for (let step = at + 1; step < at + 1 + 2 * items[at]!; step += 2)
      if (items[step] === to && search.isSilent(from, to, items[step + 1]!)) return true;
    return false;
  }

  #draw(count: number): number {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) & 0x7fffffff;
    return (this.#random >> 8) % count;
  }
}

/** Whether walks were made while all of these inputs were at hand that have an effect. */
function hasWalkedWith({ effective, together }: Walked, inputs: InputSet): boolean {
  const now = effective.in(inputs);
  return together.some((set) => now.isWithin(set));
}

/** The root, and where walks have led. */
function placesOn(root: number, batches: readonly Batch[]): ReadonlySet<number> {
  const places = new Set([root]);
  for (const { steps } of batches) for (const { target } of steps) places.add(target);
  return places;
}

/** The inputs of a walk up to a step, in order. */
function inputsUpTo(step: Step | null): number[] {
  const inputs: number[] = [];
  for (let at = step; at !== null; at = at.after) inputs.unshift(at.input);
  return inputs;
}

/** A step as one number: where, and what. */
function keyOf({ component, input }: Step): number {
  return pairOf(component, input);
}

function union(...sets: readonly InputSet[]): InputSet {
  const all = new InputSet();
  for (const set of sets) all.addAll(set);
  return all;
}
