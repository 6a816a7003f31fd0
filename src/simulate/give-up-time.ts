// The give-up time: when a run stops waiting. A run in which nobody can be served would never end, for
// clients retransmit and timers fire. It ends when nobody has been served for longer than the protocol can
// need, once the network meets its assumptions.
//
// How long that is: after the client's timeout and a backup's, every Byzantine primary in a row costs a
// timeout twice as long as the one before (OSDI'99, section 4.4: "it starts the view change for view v + 2
// but this time it will wait 2T"). With b of them from view v on, that is less than T * 2^(v+b+1). We wait
// twice that, and 100 message delays. A message delay includes the longest time that a message has waited in
// a queue, for a busy processor or for a slow link.
//
// Timers need not grow, or not as fast; and where no view has a leader, there is no end to the views. So the time is no longer than the longest
// timer that has been set makes it. Timers that double have been T * 2^(v-1) at least before view v, from which the same formula follows.

import type { Micros } from "../model/timed/timing.js";
import { likelyFlightMs } from "./network.js";
import type { Simulation } from "./setting.js";
import { stableFromMs } from "./setting.js";

/** The largest exponent, so that the bound stays a bound: 2^24 timeouts of 100 ms are 19 days. */
const maxExponent = 24;

/** How long a run waits. */
export interface GiveUpTime {
  /**
   * Until when to wait, if somebody was last served at `served`, when the highest view was `view`, a
   * message has waited for `queued`, and no timer was longer than `longestTimer`.
   */
  readonly until: (served: Micros, view: number, queued: Micros, longestTimer: Micros) => Micros;
  /**
   * Until when to wait however long the queues are: under overload they grow for ever. Ten times as long as
   * without queues.
   */
  readonly atMost: (served: Micros, view: number, longestTimer: Micros) => Micros;
  /** A message that waits longer than this makes timers expire without a fault: the base timeout. */
  readonly overload: Micros;
}

export function giveUpTimeOf(simulation: Simulation): GiveUpTime {
  const { parameters, entry } = simulation;
  const inARow = longestFaultyRow(simulation);
  const stable = (stableFromMs(parameters) ?? 0) * 1000;
  const flight = likelyFlightMs(parameters) + parameters.processingDelayMs * parameters.replicas;
  const timeout = (1 + parameters.timerJitter) * parameters.timeoutMs * 1000;
  const waits = (view: number, queued: Micros, longestTimer: Micros) => {
    const doubled = 2 ** Math.min(maxExponent, view + inARow + 2);
    const seen = (entry.protocol.primary ? 2 ** (inARow + 3) : 4) * Math.max(1, longestTimer / timeout);
    return (2 + Math.min(doubled, seen)) * timeout + 100 * flight * 1000 + 100 * queued;
  };
  return {
    until: (served, view, queued, longestTimer) =>
      Math.max(served, stable) + waits(view, queued, longestTimer),
    atMost: (served, view, longestTimer) => Math.max(served, stable) + 10 * waits(view, 0, longestTimer),
    overload: parameters.timeoutMs * 1000,
  };
}

/** The largest number of consecutive views whose primary is Byzantine, or has crashed for good. */
function longestFaultyRow({ entry, config, byzantine, gone }: Simulation): number {
  const { primary } = entry.protocol;
  if (!primary) return 0;
  let [longest, row] = [0, 0];
  for (let view = 0; view < 2 * config.replicas; view++) {
    row = [...byzantine, ...gone].includes(primary(config, view)) ? row + 1 : 0;
    longest = Math.max(longest, Math.min(row, config.replicas));
  }
  return longest;
}
