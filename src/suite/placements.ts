// The placements of Byzantine replicas. Replicas differ only in the views they lead: those that lead none
// inside the bounds are interchangeable, so one placement represents all that differ in the choice among
// them.

import { UserError } from "../model/errors.js";
import { grouped } from "../parameters/words.js";
import { type Config, type NodeId, type Protocol, replicaIds } from "../protocol/index.js";

/**
 * One placement of `count` Byzantine replicas for each class of equivalent ones.
 *
 * ```ts
 * placements(pbft(), { replicas: 4, ... }, 1, 1) // => [["r0"], ["r1"], ["r2"]]
 * ```
 */
export function placements(
  protocol: Pick<Protocol, "primary"> & Partial<Pick<Protocol, "nodes">>,
  config: Config,
  views: number,
  count: number,
): NodeId[][] {
  const ids = replicasOf(protocol, config);
  const primaries = protocol.primary
    ? ids.filter((id) => range(views).some((view) => protocol.primary?.(config, view) === id))
    : ids; // without views no replicas are known to be interchangeable
  const others = ids.filter((id) => !primaries.includes(id));
  refuseTooMany(primaries.length, others.length, count);
  return subsets(primaries, count)
    .filter((chosen) => chosen.length <= count && count - chosen.length <= others.length)
    .map((chosen) => [...chosen, ...others.slice(0, count - chosen.length)]);
}

/**
 * The replicas of a protocol that can be Byzantine: r0, r1, ... as far as it has them, or its own if it calls none so. (Further nodes of
 * its own beside these, such as a common coin, are trusted unless --byzantine names them.)
 */
function replicasOf({ nodes }: Partial<Pick<Protocol, "nodes">>, config: Config): readonly NodeId[] {
  const usual = replicaIds(config);
  if (nodes === undefined) return usual;
  const own = nodes(config).flatMap(({ id, role }) => (role === "replica" ? [id] : []));
  const both = usual.filter((id) => own.includes(id));
  return both.length > 0 ? both : own;
}

function range(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, view) => view);
}

/** All subsets of at most so many members, those with earlier members first. */
function subsets<T>(items: readonly T[], most: number): T[][] {
  const [first, ...rest] = items;
  if (first === undefined || most === 0) return [[]];
  return [...subsets(rest, most - 1).map((subset) => [first, ...subset]), ...subsets(rest, most)];
}

/** The largest number of placements: nobody could make more runs. */
const mostPlacements = 10_000;

/** @throws {UserError} `bad-option` before they are all listed. */
function refuseTooMany(primaries: number, others: number, count: number): void {
  let [placements, chosen] = [0, 1];
  for (let led = 0; led <= Math.min(primaries, count); led++) {
    if (count - led <= others) placements += chosen;
    chosen = (chosen * (primaries - led)) / (led + 1);
  }
  if (placements > mostPlacements)
    throw new UserError(
      "bad-option",
      `There are more than ${grouped(mostPlacements)} placements of ${count} Byzantine replicas: ` +
        "name one with --byzantine, or use fewer replicas or views.",
    );
}
