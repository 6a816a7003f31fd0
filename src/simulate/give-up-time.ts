// When to give up. A run in which nobody can be served would go on for ever: clients repeat their requests, timers fire.
// It ends when nobody has been served for longer than the protocol can need, once the network is what it assumes.
//
// How long that is: after the client's timeout and a backup's, every Byzantine primary in a row costs a timeout that is twice the
// one before (OSDI'99, section 4.4: "it starts the view change for view v + 2 but this time it will wait 2T"). With b of
// them from view v on, that is less than T * 2^(v+b+1); we wait twice that, and for 100 message delays.

import type { Micros } from "../model/timed/timing.js";
import { likelyFlightMs } from "./network.js";
import type { Simulation } from "./setting.js";
import { stableFromMs } from "./setting.js";

/** Timers are not doubled further than this, lest a bound be no bound: 2^24 timeouts of 100 ms are 19 days. */
const maxExponent = 24;

/** Until when to wait, if somebody was served last at a time at which the highest view was `view`. */
export function giveUpTimeOf(simulation: Simulation): (served: Micros, view: number) => Micros {
  const { parameters } = simulation;
  const inARow = longestByzantineRow(simulation);
  const stable = stableFromMs(parameters) ?? 0;
  const flights = 100 * (likelyFlightMs(parameters) + parameters.processingDelayMs * parameters.replicas);
  return (served, view) => {
    const timeouts = 2 + 2 ** Math.min(maxExponent, view + inARow + 2);
    return Math.max(served, stable * 1000) + (timeouts * parameters.timeoutMs + flights) * 1000;
  };
}

/** How many views one after the other can have a Byzantine primary. */
function longestByzantineRow({ entry, config, byzantine }: Simulation): number {
  const { primary } = entry.protocol;
  if (!primary) return 0;
  let [longest, row] = [0, 0];
  for (let view = 0; view < 2 * config.replicas; view++) {
    row = byzantine.includes(primary(config, view)) ? row + 1 : 0;
    longest = Math.max(longest, Math.min(row, config.replicas));
  }
  return longest;
}
