// Partial synchrony (Dwork, Lynch and Stockmeyer, JACM 1988) in four numbers: before GST a message may take
// any time, after it at most Delta.

import { captions } from "../../parameters/captions.js";
import type { TimingFields } from "../../parameters/search.js";
import { timingParameters } from "../../parameters/timing.js";

/** Virtual time in microseconds: whole numbers, so that sums are exact. */
export type Micros = number;

/**
 * What a timed run assumes of the network and of clocks, and what it asks of the protocol: the parameters
 * of timed runs.
 */
export interface Timing extends TimingFields {}

/** A {@link Timing} in microseconds. */
export interface TimingMicros {
  readonly gst: Micros;
  readonly delta: Micros;
  readonly timeout: Micros;
  readonly within: Micros;
}

/**
 * ```ts
 * inMicros({ gstMs: 60, deltaMs: 10, timeoutMs: 20, withinDeltas: 49 }).within // => 490000
 * ```
 */
export function inMicros({ gstMs, deltaMs, timeoutMs, withinDeltas }: Timing): TimingMicros {
  const micros = (ms: number) => Math.round(ms * 1000);
  return {
    gst: micros(gstMs),
    delta: micros(deltaMs),
    timeout: micros(timeoutMs),
    within: micros(deltaMs * withinDeltas),
  };
}

/** The only property that says by whom something is awaited, and since when: what timed runs are about. */
export const timedProperty = "clients-are-served";

/** The networks on which runs can be timed: those without faults of their own. */
export const timedNetworks: readonly string[] = ["async", "once", "fifo"];

/** As in "GST 60 ms, Delta 10 ms, timeout 20 ms, within 49 Delta". */
export function timingText(timing: Timing): string {
  return captions(timingParameters, { ...timing }).join(", ");
}

/** A {@link Timing} as somebody asks for it, with defaults for what is left out. */
export type TimingRequest = Partial<Timing>;
