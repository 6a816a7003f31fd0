// Who takes part in a run, and with which parameters. A node id is a plain string with a brand in its schema, so
// that a trace reads "r0" and a renaming of replicas can still find every place where an id stands.

import * as Schema from "effect/Schema";
import { marked } from "./schema.js";

/** A replica (`r0`, `r1`, ...) or a client (`c0`, `c1`, ...). */
export type NodeId = string;

/** The schema of a {@link NodeId}. Use it for every field that names a node. */
export const NodeId = marked(Schema.String, "node-id");

/** What a node is to the protocol: clients invoke requests, replicas execute them. */
export type Role = "replica" | "client";

/** See `Config.authentication`. */
export type Authentication = "signatures" | "authenticators";

/** The parameters that every node knows. */
export interface Config {
  /** n: how many replicas there are. */
  readonly replicas: number;
  /** f: the number of faults that quorums are computed from. */
  readonly faults: number;
  /** R: how many distinct requests exist. */
  readonly requests: number;
  /** S: the last sequence number that may be used in the run. */
  readonly slots: number;
  /** Whether clients are nodes of the run. If not, every replica holds all requests from the start. */
  readonly clients: boolean;
  /** K: a checkpoint is taken every K sequence numbers. Default: none are taken. */
  readonly checkpointInterval?: number;
  /** L: how far above the last stable checkpoint sequence numbers may be used. Default: 2K. */
  readonly window?: number;
  /**
   * B: how many requests one sequence number may order; those that have waited longest come first. Default: one, and
   * which of those that wait is a choice.
   */
  readonly batch?: number;
  /** W: how many sequence numbers a primary keeps in flight at a time. Default: as many as the window allows. */
  readonly pipeline?: number;
  /**
   * Whether replicas execute and answer as soon as they are prepared, before they have committed (TOCS'02, 5.1.2).
   * Default: no.
   */
  readonly tentative?: boolean;
  /**
   * Whether replicas keep votes that come before what they are about. Default: they ask for them again (the effect `defer`),
   * which multiplies no states; where messages are many, as in simulations, keeping is faster.
   */
  readonly keepsEarlyVotes?: boolean;
  /**
   * Whether replicas say with a custom event named `waiting` when they begin (true) and stop (false) to wait for requests. Default: no,
   * for what is shown tells states apart. Properties that need it ask for it.
   */
  readonly showsWaiting?: boolean;
  /** Replicas show where the null request has committed (a custom event named `skipped`, with the slot), if a property looks at it. Default: false. */
  readonly showsSkipped?: boolean;
  /** How many requests each client makes, one after the other. Default: 1. */
  readonly operations?: number;
  /** How many of a client's requests, the last ones, read the log instead of appending to it. Default: none. */
  readonly reads?: number;
  /** Whether reads are answered without being ordered (OSDI'99, 5.1). Default: they are ordered like everything else. */
  readonly readOnly?: boolean;
  /**
   * How requests are authenticated: `signatures` convince whoever sees them; `authenticators` have a MAC for each replica (OSDI'99,
   * 5.2), and each is convinced by its own alone. Default: `signatures`.
   */
  readonly authentication?: Authentication;
}

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

/** Asked for in every step of a protocol, so made once. */
function numbered(letter: "r" | "c", count: number): readonly NodeId[] {
  const known = lists[letter][count];
  if (known) return known;
  const ids = Object.freeze(Array.from({ length: count }, (_, index) => letter + index));
  lists[letter][count] = ids;
  return ids;
}
