// Partial synchrony (Dwork, Lynch and Stockmeyer, JACM 1988) in four numbers: before GST a message takes as long as it likes, after it
// at most Delta.

/** Virtual time in microseconds: whole numbers, so that sums are exact. */
export type Micros = number;

/** What a timed run assumes of the network and of clocks, and what it asks of the protocol. */
export interface Timing {
  /** The global stabilization time, in milliseconds from the start. */
  readonly gstMs: number;
  /** Delta: what is sent at s arrives by max(s, GST) + Delta, in milliseconds. */
  readonly deltaMs: number;
  /** The base of the protocol's timers, in milliseconds: what a timer with `delay: 1` takes. Clocks run at the same rate. */
  readonly timeoutMs: number;
  /** k: whoever waits at GST, or begins to wait later, has to be served within k Delta. */
  readonly withinDeltas: number;
}

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

/** As in "GST 60 ms, Delta 10 ms, timeout 20 ms, within 49 Delta". */
export function timingText({ gstMs, deltaMs, timeoutMs, withinDeltas }: Timing): string {
  return `GST ${gstMs} ms, Delta ${deltaMs} ms, timeout ${timeoutMs} ms, within ${withinDeltas} Delta`;
}

/** A {@link Timing} as somebody asks for it, with defaults for what is left out. */
export type TimingRequest = Partial<Timing>;

/** The defaults. With them a view is long enough from view 2 on, and a replica can be in view 2 when it all begins. */
export const defaultTiming = { gstMs: 60, deltaMs: 10, timeoutMs: 20 } as const;
