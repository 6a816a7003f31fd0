// The fields of a state that only grow: those that a user must bound if the states of one node are unlimited.

import type { Json } from "../protocol/index.js";

/** Samples of a series are compared; fewer show nothing. */
const samples = 5;

/**
 * The paths of the numbers, and of the lists and texts by their length, that are larger in each of some
 * samples of a series of states than in the one before.
 *
 * ```ts
 * growingFields([0, 1, 2, 3, 4].map((ticks) => ({ ticks, name: "a" }))) // => ["ticks"]
 * ```
 */
export function growingFields(series: readonly Json[]): string[] {
  if (series.length < samples) return [];
  const chosen = Array.from(
    { length: samples },
    (_, index) => series[Math.round((index * (series.length - 1)) / (samples - 1))]!,
  );
  const sizes = chosen.map((state) => new Map(sizesIn(state, "")));
  return [...sizes[0]!.keys()].filter((path) =>
    sizes.every((now, index) => index === 0 || (now.get(path) ?? 0) > (sizes[index - 1]!.get(path) ?? 0)),
  );
}

function* sizesIn(value: Json, path: string): Iterable<readonly [path: string, size: number]> {
  if (typeof value === "number") yield [path, value];
  else if (typeof value === "string") yield [path, value.length];
  else if (Array.isArray(value)) yield [path, value.length];
  else if (typeof value === "object" && value !== null)
    for (const [key, part] of Object.entries(value))
      yield* sizesIn(part, path === "" ? key : `${path}.${key}`);
}
