// The parameters of timed runs: partial synchrony (Dwork, Lynch and Stockmeyer, JACM 1988) in four numbers.

import { positive, time, timeAbove0 } from "./kinds.js";
import { always } from "./parameter.js";

/**
 * The defaults. With them, views are long enough for a decision from view 2 on, and a replica can be in view 2
 * at GST.
 */
export const defaultTiming = { gstMs: 60, deltaMs: 10, timeoutMs: 20 } as const;

/** Those of a class of somebody's own: its delays are what it says, and it has time to do something before GST. */
export const realTiming = { gstMs: 1000, deltaMs: 10, timeoutMs: 500 } as const;

const timed = "Timed runs:";

export const timingParameters = {
  gstMs: always(time, "timing", {
    group: timed,
    option: "gst",
    value: "<t>",
    help: "global stabilization time: after it every message arrives within Delta, and clients have to be served in time",
    byDefault: `${defaultTiming.gstMs}ms; of a class ${realTiming.gstMs}ms`,
    doc: "The global stabilization time, from the start.",
    caption: (ms) => `GST ${ms} ms`,
  }),
  deltaMs: always(timeAbove0, "timing", {
    group: timed,
    option: "delta",
    value: "<t>",
    help: "Delta",
    byDefault: `${defaultTiming.deltaMs}ms`,
    doc: "What is sent at s arrives by max(s, GST) + Delta.",
    caption: (ms) => `Delta ${ms} ms`,
  }),
  timeoutMs: always(timeAbove0, "timing", {
    group: timed,
    option: "timeout",
    value: "<t>",
    help: "the base of all timers, which the protocol doubles",
    byDefault: `${defaultTiming.timeoutMs}ms; of a class ${realTiming.timeoutMs}ms, with which its delays are what it says`,
    doc: "What a timer with `delay: 1` takes. Clocks run at the same rate.",
    caption: (ms) => `timeout ${ms} ms`,
  }),
  withinDeltas: always(positive, "timing", {
    group: timed,
    option: "within",
    value: "<k>",
    help: "clients are served within k Delta after GST",
    byDefault: "what the protocol's proof says; of a class it has to be given",
    doc: "Whoever waits at GST, or begins to wait later, has to be served within k Delta.",
    caption: (k) => `within ${k} Delta`,
  }),
};
