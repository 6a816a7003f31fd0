// The placement of Byzantine replicas: by name or by number. `any` is drawn from the run's seed, so that over
// many trials every replica, the primary too, is Byzantine equally often.

import * as Schema from "effect/Schema";
import { UserError } from "../model/errors.js";
import { namesIn, ParseError } from "../parameters/readers.js";
import type { NodeId } from "../protocol/index.js";
import { purpose, randomFor, sample } from "./random.js";

/**
 * `first`: the primaries of the first views; `last`: replicas that are backups for longest; `any`: drawn from
 * the seed.
 */
export type Placement =
  | readonly NodeId[]
  | { readonly count: number; readonly which: "any" | "first" | "last" };

/** The placements that a program may give. */
export const PlacementSchema: Schema.Codec<Placement> = Schema.Union([
  Schema.Array(Schema.String),
  Schema.Struct({
    count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
    which: Schema.Literals(["any", "first", "last"]),
  }),
]);

/** As people write it: `r0,r1`, `3`, `first:3`, `last:3`. @throws {ParseError} */
export function placementFrom(text: string): Placement {
  if (text === "each")
    throw new ParseError(
      "a simulation is one run, so say which replicas, or how many (a sweep can vary that).",
    );
  const counted = /^(?:(any|first|last):)?(\d+)$/.exec(text);
  if (!counted) return namesIn(text);
  return { count: Number(counted[2]), which: (counted[1] ?? "any") as "any" | "first" | "last" };
}

/** The Byzantine replicas. @throws {UserError} if there are not that many, or none of that name. */
export function placed(placement: Placement, ids: readonly NodeId[], seed: number): readonly NodeId[] {
  if (!("count" in placement)) {
    for (const id of placement)
      if (!ids.includes(id))
        throw new UserError("bad-option", `There is no replica ${id}; there are ${ids.join(", ")}.`);
    return ids.filter((id) => placement.includes(id));
  }
  const { count, which } = placement;
  if (count > ids.length)
    throw new UserError(
      "bad-option",
      `${count} Byzantine replicas were asked for, and there are ${ids.length}.`,
    );
  switch (which) {
    case "first":
      return ids.slice(0, count);
    case "last":
      return ids.slice(ids.length - count);
    case "any":
      return sample(ids, count, randomFor(seed, purpose.placement));
  }
}
