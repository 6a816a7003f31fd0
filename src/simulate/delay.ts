// The delay of a message from one node to another: a distribution, the same for every link or one for each
// pair of regions. Drawn delays are whole microseconds.

import * as Schema from "effect/Schema";
import type { Micros } from "../model/timed/timing.js";
import type { Random } from "../protocol/index.js";
import { standardNormal } from "./random.js";
import { amount } from "./value-kinds.js";

/** A distribution of one-way delays, in milliseconds. */
export type Delay =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  /** Truncated at 0. */
  | { readonly kind: "normal"; readonly meanMs: number; readonly deviationMs: number }
  /** `sigma` is the standard deviation of the delay's logarithm: 0.1 is about 10 % around the median. */
  | { readonly kind: "log-normal"; readonly medianMs: number; readonly sigma: number }
  | Matrix;

/**
 * One-way delays between regions. Node i of either role is in region i modulo their number; the diagonal is
 * the delay within a region. Log-normal around the entry with `sigma` (0: constant).
 */
export interface Matrix {
  readonly kind: "matrix";
  readonly regions: readonly string[];
  readonly oneWayMs: readonly (readonly number[])[];
  readonly sigma: number;
}

/** The delays that a program may give. */
export const DelaySchema: Schema.Codec<Delay> = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("constant"), ms: amount }),
  Schema.Struct({ kind: Schema.Literal("uniform"), minMs: amount, maxMs: amount }).check(
    Schema.makeFilter(({ minMs, maxMs }) => minMs <= maxMs || "this range ends before it begins"),
  ),
  Schema.Struct({ kind: Schema.Literal("normal"), meanMs: amount, deviationMs: amount }),
  Schema.Struct({ kind: Schema.Literal("log-normal"), medianMs: amount, sigma: amount }),
  Schema.Struct({
    kind: Schema.Literal("matrix"),
    regions: Schema.Array(Schema.String),
    oneWayMs: Schema.Array(Schema.Array(amount)),
    sigma: amount,
  }).check(
    Schema.makeFilter(
      ({ regions, oneWayMs }) =>
        (regions.length > 0 && [oneWayMs, ...oneWayMs].every(({ length }) => length === regions.length)) ||
        "oneWayMs needs as many rows and columns as there are regions",
    ),
  ),
]);

/** Draws the delay of a message between two nodes, given by their number within their role. */
export type DelaySampler = (from: number, to: number) => Micros;

const micros = (ms: number) => Math.max(0, Math.round(ms * 1000));

export function samplerOf(delay: Delay, random: Random): DelaySampler {
  switch (delay.kind) {
    case "constant": {
      const fixed = micros(delay.ms);
      return () => fixed;
    }
    case "uniform": {
      const { minMs, maxMs } = delay;
      return () => micros(minMs + (maxMs - minMs) * random.float());
    }
    case "normal": {
      const { meanMs, deviationMs } = delay;
      return () => micros(meanMs + deviationMs * standardNormal(random));
    }
    case "log-normal": {
      const { medianMs, sigma } = delay;
      return () => micros(medianMs * Math.exp(sigma * standardNormal(random)));
    }
    case "matrix": {
      const { oneWayMs, sigma } = delay;
      const count = oneWayMs.length;
      return (from, to) => {
        const median = oneWayMs[from % count]![to % count]!;
        return micros(sigma === 0 ? median : median * Math.exp(sigma * standardNormal(random)));
      };
    }
  }
}

/** The same without chance: in the middle of what is likely. A constant delay is itself. */
export function steady(delay: Delay): Delay {
  switch (delay.kind) {
    case "constant":
      return delay;
    case "uniform":
      return { kind: "constant", ms: (delay.minMs + delay.maxMs) / 2 };
    case "normal":
      return { kind: "constant", ms: delay.meanMs };
    case "log-normal":
      return { kind: "constant", ms: delay.medianMs };
    case "matrix":
      return delay.sigma === 0 ? delay : { ...delay, sigma: 0 };
  }
}

/** The largest likely delay, in milliseconds. A run decides by it how long to wait for an answer. */
export function likelyMaxMs(delay: Delay): number {
  switch (delay.kind) {
    case "constant":
      return delay.ms;
    case "uniform":
      return delay.maxMs;
    case "normal":
      return delay.meanMs + 4 * delay.deviationMs;
    case "log-normal":
      return delay.medianMs * Math.exp(4 * delay.sigma);
    case "matrix":
      return Math.max(...delay.oneWayMs.flat()) * Math.exp(4 * delay.sigma);
  }
}
