// The property of GRANDPA: what is final stays final.

import { hearing, monitor, type Property } from "../../protocol/index.js";
import { descends } from "./blocks.js";

/** Of any two blocks that voters finalize, one descends from the other; also of two that one voter finalizes, one after the other. */
export const finality: Property = {
  name: "finality",
  summary: "no two finalized blocks are in conflict, and what is final stays",
  kind: "always",
  observes: "replicas",
  exercise: "a block must have been finalized",
  hears: hearing("final"),
  monitor: () =>
    monitor<readonly string[]>({
      init: [],
      on: (blocks, _by, event) =>
        event.kind !== "custom" || event.name !== "final" || blocks.includes(event.data as string)
          ? blocks
          : [...blocks, event.data as string].sort(),
      verdict: (blocks) => (conflict(blocks) === null ? "holds" : "violated"),
      exercised: (blocks) => blocks.length,
      explain: (blocks) => {
        const [a, b] = conflict(blocks) ?? [];
        return a === undefined ? "all finalized blocks are on one chain" : `${a} and ${b} are both final`;
      },
    }),
};

/** Two blocks of which neither descends from the other, or null. */
function conflict(blocks: readonly string[]): readonly [string, string] | null {
  for (const a of blocks)
    for (const b of blocks) if (a < b && !descends(b, a) && !descends(a, b)) return [a, b];
  return null;
}
