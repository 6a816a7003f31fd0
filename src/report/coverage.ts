// How much a campaign has seen, in words.

import { type Coverage, coverageOf, type EstimatedShare } from "../fuzz/coverage.js";
import type { CampaignState } from "../fuzz/index.js";
import { grouped, round } from "./numbers.js";

/**
 * ```ts
 * seenText(state) // => "at most 72 % of the states that such runs can reach were seen (at least 230 were not; 53 % if their rates are log-normal); a further run finds a new one with a chance of 4.1 %"
 * ```
 * Null if there is too little to tell.
 */
export function seenText(state: CampaignState): string | null {
  const coverage = coverageOf(state);
  if (coverage === null) return null;
  return `${boundText(coverage)}; a further run finds a new one with a chance ${chanceText(coverage.nextRun)}`;
}

/** How much was seen at most. */
export function boundText({ unseenAtLeast, atMost, seen }: Coverage): string {
  const guess = `${percent(seen.estimate)} % if their rates are log-normal`;
  return unseenAtLeast > 0
    ? `at most ${percent(atMost.share)} % of the states that such runs can reach were seen (at least ${grouped(unseenAtLeast)} were not; ${guess})`
    : `all states that such runs can reach may have been seen (${guess})`;
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
export function percent(share: number): string {
  if (share >= 1) return "100";
  const hundred = share * 100;
  return hundred < 10 || hundred >= 99 ? (Math.floor(hundred * 10) / 10).toFixed(1) : hundred.toFixed(0);
}

/** The same for JSON. */
export function coverageJson(state: CampaignState) {
  const coverage = coverageOf(state);
  if (coverage === null) return null;
  const { unseenAtLeast, atMost, seen, nextRun } = coverage;
  return {
    unseenAtLeast,
    atMost: { share: round(atMost.share), high: round(atMost.high) },
    seen: { estimate: round(seen.estimate), low: round(seen.low), high: round(seen.high) },
    nextRunFindsNew: { low: round(nextRun.low), high: round(nextRun.high) },
  };
}
