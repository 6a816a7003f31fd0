// Which way a random walk goes. Strategies are siblings behind this one interface; each is a pure function of the
// transitions there are and of one random number for each step, so that the numbers alone repeat the walk.

import type { Candidates } from "./candidates.js";

export interface Strategy {
  readonly name: string;
  /** The position of the transition to take, below `candidates.length` (which is never 0). `choice`: uniform, 0..2^31-1. */
  choose(candidates: Candidates, choice: number): number;
}

/** Every transition is as likely as every other. (2^31 choices for some hundred transitions: the bias is below 10^-6.) */
export const uniform: Strategy = {
  name: "uniform",
  choose: ({ length }, choice) => choice % length,
};
