// How much a campaign has not seen: an estimate of the reachable states that no run has visited, from the number
// of states that one run has visited, two, and so on (incidence.ts). Fuzzing is the discovery of species: Böhme,
// "STADS: Software Testing as Species Discovery", TOSEM 2018.
//
// What is certain is a bound. Of the number of classes there is no estimate that is right for every distribution of their rates: two
// distributions may give the same sample, and one of them have any number of classes that are as good as never seen (Link, Biometrics
// 2003; Mao and Lindsay, Annals of Statistics 2007). What remains is "at least so many": Chao's estimator (Biometrics 1987; for runs as
// sampling units, and with its correction for small samples: Chao2, Chao and Colwell, SORT 2017). It holds for any distribution of rates,
// up to what chance does to it.
//
// Beside it stands what the number would be if the rates were log-normal: a state's rate is a product of the probabilities of many
// choices, so its logarithm is a sum. (Preston, "The Commonness, and Rarity, of Species", Ecology 1948; fitted by maximum likelihood as
// by Bulmer, Biometrics 1974.) That is an assumption; where states are of two kinds it is wrong.
//
// States come in clumps, as a run that leaves the beaten track visits several new ones. So there is less evidence
// than states: the likelihood is divided by the number of new states that come together, and the variance multiplied by it.

import { type Frequencies, frequenciesOf } from "./incidence.js";
import type { CampaignState } from "./result.js";

/** A share with its interval, all from 0 to 1. */
export interface EstimatedShare {
  readonly estimate: number;
  /** 95 %, if the distribution is as assumed; docs/fuzzing.md has models where it is not, as Raft. Chao's bound ends it above. */
  readonly low: number;
  readonly high: number;
}

/** What a campaign has seen, as far as its own runs tell. */
export interface Coverage {
  /** How many states that runs of this kind can reach were not visited, at least: Chao's bound. */
  readonly unseenAtLeast: number;
  /** So at most this share of them was visited; `high`: with a confidence of 95 %. */
  readonly atMost: { readonly share: number; readonly high: number };
  /** The share if the rates at which runs visit states are log-normal: an assumption, and not a bound. */
  readonly seen: EstimatedShare;
  /**
   * The chance that a further run visits a state that none has: the share of runs that were the only ones to
   * visit some state (Good, Biometrika 1953), if the order of runs does not matter. Between these bounds where only
   * a subset of states was counted; the upper one is then an estimate.
   */
  readonly nextRun: { readonly low: number; readonly high: number };
}

/** Fewer runs, or states, tell nothing. */
const [fewRuns, fewStates] = [20, 30];

const known = new WeakMap<CampaignState, Coverage | null>();

/**
 * The estimate for a campaign; null if it has too few runs or states to tell, or goes on from a file that has not counted.
 *
 * ```ts
 * const { state } = await fuzz({ ...setting, protocol: (await findProtocol("pbft")).protocol }, { seed: 1, maxRuns: 2000 });
 * coverageOf(state)!.atMost.share > 0.9; // => true
 * ```
 */
export function coverageOf(state: CampaignState): Coverage | null {
  const before = known.get(state);
  if (before !== undefined) return before;
  const coverage =
    state.incidence === null ? null : estimated(frequenciesOf(state.incidence), state.counts.runs);
  known.set(state, coverage);
  return coverage;
}

/** The estimate from the frequencies of so many runs; null if there is too little to tell. */
export function estimated(frequencies: Frequencies, runs: number): Coverage | null {
  const { seenIn, level, runsAlone } = frequencies;
  const states = seenIn.reduce((sum, count) => sum + (count ?? 0), 0);
  if (runs < fewRuns || states < fewStates) return null;
  const [once, twice] = [seenIn[1] ?? 0, seenIn[2] ?? 0];
  const clump = Math.max(1, once / Math.max(1, runsAlone));
  const unseen = unseenOf(once, twice, runs, clump);
  const bound = states / (states + unseen.estimate);
  const { share, low, high } = fitted(seenIn, runs, clump);
  const estimate = Math.min(share, bound);
  const seen = { estimate, low: Math.min(low, estimate), high: Math.max(bound, Math.min(high, 1)) };
  const most = level === 0 ? runsAlone / runs : Math.min(1, (once * 2 ** level) / runs);
  return {
    unseenAtLeast: Math.round(unseen.estimate * 2 ** level),
    atMost: { share: bound, high: states / (states + unseen.low) },
    seen,
    nextRun: { low: runsAlone / runs, high: most },
  };
}

/** Chao2's bound of the states that no run has visited, and the lower end of its interval of 95 % (log-normal, as Chao gives it). */
function unseenOf(once: number, twice: number, runs: number, clump: number) {
  const factor = (runs - 1) / runs;
  const estimate = (factor * once * Math.max(0, once - 1)) / (2 * (twice + 1));
  if (estimate === 0) return { estimate, low: 0 };
  const ratio = once / Math.max(1, twice);
  const spread = (factor / 2) * ratio ** 2 + factor ** 2 * ratio ** 3 + (factor ** 2 / 4) * ratio ** 4;
  const variance = clump * Math.max(1, twice) * spread;
  return { estimate, low: estimate / Math.exp(1.96 * Math.sqrt(Math.log(1 + variance / estimate ** 2))) };
}

/** States that more runs have visited are counted together. */
const maxRuns = 40;

/** Points of the normal distribution, and their weights. */
const normal = Array.from({ length: 41 }, (_, index) => {
  const z = (index - 20) / 4;
  return { z, weight: Math.exp((-z * z) / 2) };
});
const totalWeight = normal.reduce((sum, { weight }) => sum + weight, 0);

/**
 * What is known of the spread of rates before anything was counted: on models that can be exhausted the standard
 * deviation of their logarithm is 1.7 or so. It matters where there is little else to go by.
 */
const usualSpread = { mean: 1.7, deviation: 0.5 };

/** Half of what the deviance may grow within an interval of 95 %. */
const within = 1.92;

interface Fit {
  readonly likelihood: number;
  /** The share of states that were visited at least once. */
  readonly share: number;
  readonly mean: number;
  readonly spread: number;
}

/** The log-normal distribution of rates that makes these frequencies likeliest, and the shares that are nearly as likely. */
function fitted(seenIn: readonly number[], runs: number, clump: number) {
  let box = { mean: -3, halfMean: 9, spread: 2.2, halfSpread: 2 };
  for (let round = 0; ; round++) {
    const fits = fitsIn(box, seenIn, runs, clump);
    const best = fits.reduce((one, other) => (other.likelihood > one.likelihood ? other : one));
    const near = fits.filter(({ likelihood }) => likelihood > best.likelihood - within);
    const halfMean = Math.max(...near.map(({ mean }) => Math.abs(mean - best.mean)), box.halfMean / 12);
    const halfSpread = Math.max(
      ...near.map(({ spread }) => Math.abs(spread - best.spread)),
      box.halfSpread / 12,
    );
    if (round === 4 || (halfMean > box.halfMean / 3 && halfSpread > box.halfSpread / 3)) {
      const shares = near.map(({ share }) => share);
      return { share: best.share, low: Math.min(...shares), high: Math.max(...shares) };
    }
    box = { mean: best.mean, halfMean: 1.5 * halfMean, spread: best.spread, halfSpread: 1.5 * halfSpread };
  }
}

/** The fits on a grid. */
function fitsIn(
  box: {
    readonly mean: number;
    readonly halfMean: number;
    readonly spread: number;
    readonly halfSpread: number;
  },
  seenIn: readonly number[],
  runs: number,
  clump: number,
): Fit[] {
  const steps = 8;
  const fits: Fit[] = [];
  for (let i = -steps; i <= steps; i++)
    for (let j = -steps; j <= steps; j++) {
      const mean = box.mean + (i / steps) * box.halfMean;
      const spread = Math.max(0.1, box.spread + (j / steps) * box.halfSpread);
      fits.push(fitOf(mean, spread, seenIn, runs, clump));
    }
  return fits;
}

/** How likely the frequencies are if the logarithms of rates (visiting runs, of all) have this mean and this standard deviation. */
function fitOf(mean: number, spread: number, seenIn: readonly number[], runs: number, clump: number): Fit {
  const chances = chancesOf(mean, spread, runs);
  const share = Math.max(1 - chances[0]!, 1e-12);
  let [likelihood, more] = [0, share];
  for (let k = 1; k <= maxRuns; k++) {
    const chance = chances[k]!;
    more -= chance;
    if (seenIn[k]) likelihood += seenIn[k]! * Math.log(Math.max(chance, 1e-300) / share);
  }
  const rest = seenIn.reduce((sum, count, k) => (k > maxRuns ? sum + (count ?? 0) : sum), 0);
  if (rest > 0) likelihood += rest * Math.log(Math.max(more, 1e-300) / share);
  const unusual = (spread - usualSpread.mean) / usualSpread.deviation;
  return { likelihood: likelihood / clump - unusual ** 2 / 2, share, mean, spread };
}

/** At index k: the chance that a state is visited by k of the runs. */
function chancesOf(mean: number, spread: number, runs: number): Float64Array {
  const chances = new Float64Array(maxRuns + 1);
  for (const { z, weight } of normal) {
    const expected = Math.exp(mean + spread * z);
    const odds = Math.expm1(expected / runs); // of a visit by one run, whose chance is 1 - exp(-expected / runs)
    let chance = (weight / totalWeight) * Math.exp(-expected);
    chances[0]! += chance;
    for (let k = 1; k <= maxRuns && chance > 0; k++) {
      chance *= ((runs - k + 1) / k) * odds;
      chances[k]! += chance;
    }
  }
  return chances;
}
