// Quorums, and the roles of replicas. Why quorum = floor((n+f)/2)+1: two quorums of q replicas share at least
// 2q-n of them. For two conflicting certificates to be impossible, at least one shared replica must be
// correct: 2q-n >= f+1, so q >= (n+f+1)/2, and the smallest such integer is floor((n+f)/2)+1. With n = 3f+1
// that is 2f+1. Since f replicas may stay silent, waiting for q of n-f is possible as long as q <= n-f, which
// n >= 3f+1 gives.

import { type Config, inTurn, type NodeId, quorum, replicaIds, weakQuorum } from "../../protocol/index.js";

/**
 * The size of a quorum: for prepared, committed, view-change and new-view.
 *
 * ```ts
 * quorumSize(config) // => 3
 * ```
 */
export function quorumSize(config: Pick<Config, "replicas" | "faults">): number {
  return quorum(config);
}

/**
 * A weak quorum, f+1, has at least one correct member.
 *
 * ```ts
 * weakQuorumSize(config) // => 2
 * ```
 */
export function weakQuorumSize(config: Pick<Config, "faults">): number {
  return weakQuorum(config);
}

/**
 * The primary of a view: p = v mod n (OSDI'99, section 4.1).
 *
 * ```ts
 * primaryOf(config, 5) // => "r1"
 * ```
 */
export function primaryOf(config: Pick<Config, "replicas">, view: number): NodeId {
  return inTurn(config, view);
}

/** The replicas that are backups in a view. */
export function backupsOf(config: Pick<Config, "replicas">, view: number): readonly NodeId[] {
  return replicaIds(config).filter((id) => id !== primaryOf(config, view));
}

/** Whether an id is a replica's: clients' signatures must not count as votes. */
export function isReplica(config: Pick<Config, "replicas">, id: NodeId): boolean {
  return replicaIds(config).includes(id);
}
