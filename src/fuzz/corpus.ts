// The situations to which the runs of a block have come, each with the beginning of a run that leads there: what the guided strategy
// returns to, mutates and splices. Situations that were returned to least come first ("first return, then explore": Ecoffet et
// al., Nature 2021), so that what is rare, and most often deep, gets as much attention as what every run comes to.
//
// A run that is made of others can be made again from the numbers of those and how much of each is taken, so its path names them:
// `12,45<12:30,103<45:41+12:7` is run 103, made of 41 events of run 45 and 7 of run 12, where 45 was made of 30 events of 12.

import { UserError } from "../model/errors.js";
import { Dice, mixed, seedOfRun } from "./dice.js";
import type { Corpus, Kept } from "./strategy.js";
import { traceStride } from "./world/world.js";

/** So many situations are kept at most; those that were returned to most make room. */
const maxSituations = 512;

/** How many are looked at when one is drawn. */
const candidates = 4;

/** A run, and how many of its events are taken. */
export interface Part {
  readonly run: number;
  readonly events: number;
}

/** The runs that a path names, in order, each with those that it is made of. */
export type Lineage = ReadonlyMap<number, readonly Part[]>;

interface Situation {
  readonly kept: Kept;
  returns: number;
}

/** See the file comment. */
export class BlockCorpus implements Corpus {
  readonly #campaign: number;
  readonly #situations: Situation[] = [];
  /** Of what a run is made. */
  readonly #partsOf = new Map<number, readonly Part[]>();
  /** Where runs are made again: of what they are made, and those that were made already. */
  readonly #lineage: Lineage | null;
  readonly #made = new Map<number, Kept>();

  /** With a `lineage` nothing is drawn: runs are made again. */
  constructor(campaign: number, lineage: Lineage | null = null) {
    this.#campaign = campaign;
    this.#lineage = lineage;
  }

  parents(run: number, count: number): readonly Kept[] {
    if (this.#lineage) return (this.#lineage.get(run) ?? []).map((part) => this.#cut(part));
    if (this.#situations.length === 0) return [];
    const dice = new Dice(mixed(seedOfRun(this.#campaign, run), 1)); // the run's own dice are not touched
    const drawn = Array.from({ length: count }, () => this.#draw(dice));
    this.#partsOf.set(
      run,
      drawn.map((kept) => ({ run: kept.run, events: kept.trace.length / traceStride })),
    );
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

  #cut({ run, events }: Part): Kept {
    const made = this.#made.get(run);
    if (!made) throw new UserError("bad-option", `The path takes run ${run} before it is made.`);
    return { ...made, trace: made.trace.slice(0, events * traceStride) };
  }

  /** Keeps a run that may be part of others. */
  made(run: number, trace: Int32Array, initial: number): void {
    this.#made.set(run, { run, trace, initial });
  }

  /** Keeps the beginnings of a run that lead to new situations: after so many events each. */
  keep(run: number, trace: Int32Array, initial: number, moments: readonly number[]): void {
    for (const events of moments) {
      if (this.#situations.length >= maxSituations) this.#makeRoom();
      this.#situations.push({
        kept: { run, trace: trace.slice(0, events * traceStride), initial },
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
    const tokens: string[] = [];
    const add = (one: number): void => {
      const parts = this.#partsOf.get(one) ?? [];
      const made = parts.map((part) => `${part.run}:${part.events}`).join("+");
      const token = made === "" ? `${one}` : `${one}<${made}`;
      if (tokens.includes(token)) return;
      for (const part of parts) add(part.run);
      tokens.push(token);
    };
    add(run);
    return tokens.join();
  }
}

/** Reads a path. @throws {UserError} `bad-option` if it is none. */
export function lineageOf(path: string): Lineage {
  const part = "\\d+:\\d+";
  const token = `\\d+(<${part}(\\+${part})*)?`;
  if (!new RegExp(`^${token}(,${token})*$`).test(path))
    throw new UserError(
      "bad-option",
      `"${path}" is not the path of a run; it is a number, as in 42, or a list that ends with one, as in 12,45<12:30.`,
    );
  return new Map(
    path.split(",").map((text) => {
      const [run, parts] = text.split("<");
      return [Number(run), parts === undefined ? [] : parts.split("+").map(partOf)] as const;
    }),
  );
}

function partOf(text: string): Part {
  const [run, events] = text.split(":").map(Number);
  return { run: run!, events: events! };
}
