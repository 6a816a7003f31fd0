// The sentences that say that a client was not served in time.

import type { Micros, Timing } from "./timing.js";

/** The temperature: k Delta after GST somebody still waits. */
export function isLate(requests: readonly string[], now: Micros, timing: Timing): string {
  const { withinDeltas, gstMs } = timing;
  return `the client of ${requests.join(", ")} still waits at ${now / 1000} ms, more than ${withinDeltas} Delta after it asked and GST (${gstMs} ms)`;
}

/** A lasso: what has happened since can happen again and again. */
export function goesRound(requests: readonly string[], before: Micros, now: Micros): string {
  return `at ${now / 1000} ms everything is as it was at ${before / 1000} ms, so it can go on like this for ever, and the client of ${requests.join(", ")} still waits`;
}

/** Nothing is on its way, and no timer is set. */
export function isStuck(requests: readonly string[]): string {
  return `nothing is left to happen, and the client of ${requests.join(", ")} still waits`;
}
