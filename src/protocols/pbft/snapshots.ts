// Snapshots: the state of the service at a checkpoint, that is everything executed so far and the last reply
// to each client (OSDI'99, section 4.3). A short snapshot is its own digest, which is readable in a trace; a
// long one is hashed.

import { createHash } from "node:crypto";
import type { Snapshot } from "./messages.js";
import type { ReplicaState } from "./state.js";

/** Longer texts are hashed. */
const longest = 160;

/** The history with one more request. */
export function lengthened(history: string, digest: string): string {
  return digested(history === "" ? digest : `${history} ${digest}`);
}

/** The state of a replica that has executed everything up to a slot. */
export function snapshotOf({ history, executedRequests, executedReads, replies }: ReplicaState): Snapshot {
  return { history, executed: executedRequests, replies, ...(executedReads && { reads: executedReads }) };
}

/**
 * The digest of a snapshot, independent of the order of its replies.
 *
 * ```ts
 * digestOfSnapshot({ history: "c0:1:A", executed: 1, replies: [{ client: "c0", timestamp: 1, result: "A@1" }] })
 * // => "1 [c0:1:A] c0:1=A@1"
 * ```
 */
export function digestOfSnapshot({ history, executed, reads, replies }: Snapshot): string {
  const texts = replies.map(({ client, timestamp, result }) => `${client}:${timestamp}=${result}`).sort();
  const counts = reads ? `${executed} (${reads} reads)` : executed;
  return digested(`${counts} [${history}] ${texts.join(" ")}`.trim());
}

function digested(text: string): string {
  return text.length <= longest ? text : `#${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
