// How much a campaign has seen, in words.

import { type CampaignState, type Coverage, coverageOf, type EstimatedShare } from "../fuzz/index.js";
import { round } from "./numbers.js";

/**
 * ```ts
 * seenText(state) // => "an estimated 62 % (58-66 %) of the states that such runs can reach were seen; a further run finds a new one with a chance of 4.1 %"
 * ```
 * Null if there is too little to tell.
 */
export function seenText(state: CampaignState): string | null {
  const coverage = coverageOf(state);
  if (coverage === null) return null;
  const { seen, nextRun } = coverage;
  return `an estimated ${shareText(seen)} of the states that such runs can reach were seen; a further run finds a new one with a chance ${chanceText(nextRun)}`;
}

/** `62 % (58-66 %)`. */
export function shareText({ estimate, low, high }: EstimatedShare): string {
  return `${percent(estimate)} % (${percent(low)}-${percent(high)} %)`;
}

function chanceText({ low, high }: Coverage["nextRun"]): string {
  if (high === 0) return "too small to be measured";
  if (high < 0.001) return "of less than 0.1 %";
  return percent(low) === percent(high)
    ? `of ${percent(high)} %`
    : `between ${percent(low)} and ${percent(high)} %`;
}

/** Never more than there is: 99.96 % is not all. */
function percent(share: number): string {
  if (share >= 1) return "100";
  const hundred = share * 100;
  return hundred < 10 || hundred >= 99 ? (Math.floor(hundred * 10) / 10).toFixed(1) : hundred.toFixed(0);
}

/** The same for JSON. */
export function coverageJson(state: CampaignState) {
  const coverage = coverageOf(state);
  if (coverage === null) return null;
  const { seen, nextRun } = coverage;
  return {
    seen: { estimate: round(seen.estimate), low: round(seen.low), high: round(seen.high) },
    nextRunFindsNew: { low: round(nextRun.low), high: round(nextRun.high) },
  };
}
