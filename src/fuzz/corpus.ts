// The corpus of the guided strategy: the situations that the runs of a block have reached, each with the
// beginning of a run that leads there. The strategy returns to them, mutates and splices them. Situations
// returned to least come first ("first return, then explore": Ecoffet et al., Nature 2021), so that rare
// ones, mostly deep, get as much attention as common ones.

import { UserError } from "../model/errors.js";
import { Dice, mixed, seedOfRun } from "./dice.js";
import { joined, type Lineage, type Part } from "./lineage.js";
import { type Recipe, recipeFor } from "./recipes.js";
import type { Corpus, Kept } from "./strategy.js";
import { traceStride } from "./world/run-record.js";

/** The largest number of situations; the one returned to most is dropped first. */
export const maxSituations = 512;

/** How many candidates are compared in a draw. */
const candidates = 4;

/** A moment at which a run reached a new situation. */
export interface Moment {
  /** The number of events before it. */
  readonly events: number;
  /** The situation's name: 32 bits. */
  readonly situation: number;
}

interface Situation {
  readonly name: number;
  readonly kept: Kept;
  /** Whether an earlier campaign had it. */
  readonly isOld: boolean;
  returns: number;
}

/** The corpus of one block of runs. */
export class BlockCorpus implements Corpus {
  readonly #campaign: number;
  readonly #situations: Situation[] = [];
  /** The earlier runs that each run is made of. */
  readonly #parentsOf = new Map<number, readonly Kept[]>();

  constructor(campaign: number) {
    this.#campaign = campaign;
  }

  parents(run: number, count: number): readonly Kept[] {
    if (this.#situations.length === 0) return [];
    const dice = new Dice(mixed(seedOfRun(this.#campaign, run), 1)); // the run's own dice are not touched
    let drawn = Array.from({ length: count }, () => this.#draw(dice));
    if (joined(drawn.map(({ path }) => path)) === null) drawn = drawn.slice(0, 1);
    this.#parentsOf.set(run, drawn);
    return drawn;
  }

  #draw(dice: Dice): Kept {
    let chosen = this.#situations[dice.below(this.#situations.length)]!;
    for (let other = 1; other < candidates; other++) {
      const situation = this.#situations[dice.below(this.#situations.length)]!;
      if (situation.returns < chosen.returns) chosen = situation;
    }
    chosen.returns++;
    return chosen.kept;
  }

  /** Adds a situation of an earlier campaign. */
  begin(name: number, kept: Kept): void {
    this.#situations.push({ name, kept, isOld: true, returns: 0 });
  }

  /** Keeps the beginnings of a run that lead to new situations. */
  keep(run: number, trace: Int32Array, initial: number, moments: readonly Moment[]): void {
    const path = this.pathOf(run);
    for (const { events, situation } of moments) {
      if (this.#situations.length >= maxSituations) this.#makeRoom();
      this.#situations.push({
        name: situation,
        kept: { name: `${run}`, path, trace: trace.slice(0, events * traceStride), initial },
        isOld: false,
        returns: 0,
      });
    }
  }

  #makeRoom(): void {
    const most = Math.max(...this.#situations.map(({ returns }) => returns));
    this.#situations.splice(
      this.#situations.findIndex(({ returns }) => returns === most),
      1,
    );
  }

  /** The path of a run. */
  pathOf(run: number): string {
    const parents = this.#parentsOf.get(run) ?? [];
    if (parents.length === 0) return `${run}`;
    const parts = parents.map(({ name, trace }) => `${name}:${trace.length / traceStride}`);
    return `${joined(parents.map(({ path }) => path))},${run}<${parts.join("+")}`;
  }

  /** Recipes for the situations kept, except those from an earlier campaign. */
  recipes(): Recipe[] {
    return this.#situations.flatMap(({ name, kept, isOld }) => {
      const { path, trace } = kept;
      const recipe = isOld ? null : recipeFor(name, path, trace.length / traceStride, this.#campaign);
      return recipe ?? [];
    });
  }
}

/** The corpus when runs are made again: nothing is drawn, a run is made of what its path names. */
export class LineageCorpus implements Corpus {
  readonly #lineage: Lineage;
  readonly #made = new Map<string, Kept>();
  /** The name of the current run. */
  #current = "";

  constructor(lineage: Lineage) {
    this.#lineage = lineage;
  }

  parents(): readonly Kept[] {
    return (this.#lineage.get(this.#current) ?? []).map((part) => this.#cut(part));
  }

  #cut({ name, events }: Part): Kept {
    const made = this.#made.get(name);
    if (!made) throw new UserError("bad-option", `The path takes run ${name} before it is made.`);
    return { ...made, trace: made.trace.slice(0, events * traceStride) };
  }

  /** Names the run that is made next. */
  makes(name: string): void {
    this.#current = name;
  }

  /** Keeps a run, which may be part of later ones. */
  made(trace: Int32Array, initial: number): void {
    const name = this.#current;
    this.#made.set(name, { name, path: name, trace, initial });
  }
}
