// Makes a run again from its path: first the runs that it is made of, then the run itself.

import { LineageCorpus } from "./corpus.js";
import { lineageOf, runNamed } from "./lineage.js";
import type { Runner } from "./run.js";
import type { Strategy } from "./strategy.js";

/** What a path does not contain. */
interface Rest {
  /** The seed of runs without one in the path. */
  readonly seed: number;
  readonly strategy: Strategy;
}

/**
 * Leaves the runner's world at the end of the run. Returns the run's name and number.
 *
 * @throws {UserError} `bad-option` if the path is malformed.
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
