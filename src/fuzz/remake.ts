// Makes a run again from its path: first those that it is made of, then the run itself, and nothing else.

import { LineageCorpus } from "./corpus.js";
import { lineageOf, runNamed } from "./lineage.js";
import type { Runner } from "./run.js";
import type { Strategy } from "./strategy.js";

/** What a path does not say. */
interface Rest {
  /** Of the campaign whose runs have no seed in the path. */
  readonly seed: number;
  readonly strategy: Strategy;
}

/**
 * Leaves the runner's world as the run has ended; the run's name and number.
 *
 * @throws {UserError} `bad-option` if that is no path.
 */
export function remake(
  runner: Runner,
  { seed, strategy }: Rest,
  path: string,
): { readonly name: string; readonly run: number } {
  const lineage = lineageOf(path);
  const corpus = new LineageCorpus(lineage);
  const { world } = runner;
  let last = { name: "", run: 0 };
  for (const name of lineage.keys()) {
    const { seed: campaign, run } = runNamed(name, seed);
    corpus.makes(name);
    runner.run(strategy, run, corpus, campaign);
    corpus.made(world.trace(), world.initial);
    last = { name, run };
  }
  return last;
}
