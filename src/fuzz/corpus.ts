// The situations to which the runs of a block have come, each with the beginning of a run that leads there: what the guided strategy
// returns to, mutates and splices. Situations that were returned to least come first ("first return, then explore": Ecoffet et
// al., Nature 2021), so that what is rare, and most often deep, gets as much attention as what every run comes to.

import { UserError } from "../model/errors.js";
import { Dice, mixed, seedOfRun } from "./dice.js";
import { joined, type Lineage, type Part } from "./lineage.js";
import { type Recipe, recipeFor } from "./recipes.js";
import type { Corpus, Kept } from "./strategy.js";
import { traceStride } from "./world/world.js";

/** So many situations are kept at most; those that were returned to most make room. */
export const maxSituations = 512;

/** How many are looked at when one is drawn. */
const candidates = 4;

/** A moment of a run at which it came to a situation that was new. */
export interface Moment {
  /** After how many events. */
  readonly events: number;
  /** The situation's name: 32 bits. */
  readonly situation: number;
}

interface Situation {
  readonly name: number;
  readonly kept: Kept;
  /** It comes from an earlier campaign. */
  readonly isOld: boolean;
  returns: number;
}

/** See the file comment. */
export class BlockCorpus implements Corpus {
  readonly #campaign: number;
  readonly #situations: Situation[] = [];
  /** Of what a run is made. */
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

  /** Takes over a situation of an earlier campaign. */
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

  /** How to come to the situations that are kept, but for those that come from an earlier campaign. */
  recipes(): Recipe[] {
    return this.#situations.flatMap(({ name, kept, isOld }) => {
      const { path, trace } = kept;
      const recipe = isOld ? null : recipeFor(name, path, trace.length / traceStride, this.#campaign);
      return recipe ?? [];
    });
  }
}

/** Where runs are made again: nothing is drawn, a run is made of what its path says. */
export class LineageCorpus implements Corpus {
  readonly #lineage: Lineage;
  readonly #made = new Map<string, Kept>();
  /** The name of the run that is made now. */
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

  /** The run with this name is made next. */
  makes(name: string): void {
    this.#current = name;
  }

  /** Keeps it: it may be part of others. */
  made(trace: Int32Array, initial: number): void {
    const name = this.#current;
    this.#made.set(name, { name, path: name, trace, initial });
  }
}
