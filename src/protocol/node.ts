// The nodes of a run and its parameters. A node id is a string that its schema marks as one: a trace reads
// "r0", and a renaming of replicas still finds every id.

import * as Schema from "effect/Schema";
import type { ConfigFields } from "../parameters/search.js";
import { marked } from "./schema.js";

/** A replica (`r0`, `r1`, ...) or a client (`c0`, `c1`, ...). */
export type NodeId = string;

/** The schema of a {@link NodeId}. Use it for every field that names a node. */
export const NodeId = marked(Schema.String, "node-id");

/** What a node is to the protocol: clients invoke requests, replicas execute them. */
export type Role = "replica" | "client";

/** How requests are authenticated: see the option `--authentication`. */
export type Authentication = NonNullable<Config["authentication"]>;

/** The parameters that every node knows: those of the tables in `parameters/` that stand in a node's configuration. */
export interface Config extends ConfigFields {}

/**
 * The ids of the n replicas.
 *
 * ```ts
 * replicaIds({ replicas: 4 }) // => ["r0", "r1", "r2", "r3"]
 * ```
 */
export function replicaIds(config: Pick<Config, "replicas">): readonly NodeId[] {
  return numbered("r", config.replicas);
}

/**
 * The ids of the clients, one for each request.
 *
 * ```ts
 * clientIds({ requests: 2 }) // => ["c0", "c1"]
 * ```
 */
export function clientIds(config: Pick<Config, "requests">): readonly NodeId[] {
  return numbered("c", config.requests);
}

const lists: { readonly [letter in "r" | "c"]: (readonly NodeId[] | undefined)[] } = { r: [], c: [] };

/** Cached: every step of a protocol asks for it. */
function numbered(letter: "r" | "c", count: number): readonly NodeId[] {
  const known = lists[letter][count];
  if (known) return known;
  const ids = Object.freeze(Array.from({ length: count }, (_, index) => letter + index));
  lists[letter][count] = ids;
  return ids;
}
