// Partitions of the network: nodes that cannot reach each other for a while.

import * as Schema from "effect/Schema";
import { milliseconds, namesIn, ParseError } from "../parameters/readers.js";
import type { NodeId } from "../protocol/index.js";
import { amount } from "./value-kinds.js";

/**
 * What the nodes of different groups send to each other arrives once it has healed. Nodes that no group
 * names reach everybody.
 */
export interface Partition {
  readonly fromMs: number;
  readonly toMs: number;
  readonly groups: readonly (readonly NodeId[])[];
}

/** The partitions that a program may give. */
export const PartitionSchema: Schema.Codec<Partition> = Schema.Struct({
  ...{ fromMs: amount, toMs: amount, groups: Schema.Array(Schema.Array(Schema.String)) },
}).check(
  Schema.makeFilter(
    ({ fromMs, toMs, groups }) =>
      (groups.length >= 2 && toMs > fromMs) ||
      "a partition needs two groups or more, and a time after its beginning at which it heals",
  ),
);

/** As in `100..2s:r0,r1|r2,r3`. */
export function partitionFrom(text: string): Partition {
  const match = /^([^:]+)\.\.([^:]+):(.+)$/.exec(text);
  if (!match) throw new ParseError("use from..to:group|group, as in 100..2s:r0,r1|r2,r3.");
  const [fromMs, toMs] = [milliseconds(match[1]!), milliseconds(match[2]!)];
  const groups = match[3]!.split("|").map(namesIn);
  if (groups.length < 2 || toMs <= fromMs)
    throw new ParseError(
      "a partition needs two groups or more, and a time after its beginning at which it heals.",
    );
  return { fromMs, toMs, groups };
}
