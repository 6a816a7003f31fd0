// Where Byzantine replicas can sit. Replicas differ only in which views they lead: those that lead none inside the
// bounds are interchangeable, so one placement stands for all that differ in the choice among them.

import { type Config, type NodeId, type Protocol, replicaIds } from "../protocol/index.js";

/**
 * One placement of `count` Byzantine replicas for each class of equivalent ones.
 *
 * ```ts
 * placements(pbft(), { replicas: 4, ... }, 1, 1) // => [["r0"], ["r1"], ["r2"]]
 * ```
 */
export function placements(
  protocol: Pick<Protocol, "primary">,
  config: Config,
  views: number,
  count: number,
): NodeId[][] {
  const ids = replicaIds(config);
  const primaries = protocol.primary
    ? ids.filter((id) => range(views).some((view) => protocol.primary?.(config, view) === id))
    : ids; // without views nothing is known to be interchangeable
  const others = ids.filter((id) => !primaries.includes(id));
  return subsets(primaries)
    .filter((chosen) => chosen.length <= count && count - chosen.length <= others.length)
    .map((chosen) => [...chosen, ...others.slice(0, count - chosen.length)]);
}

function range(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, view) => view);
}

/** All subsets; those with the earlier members first. */
function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without.map((subset) => [first, ...subset]), ...without];
}
