// What the driver of a node is given: its behaviour, its log and its record, and how it reaches others.

import type { Context, Event, Json, NodeId, NodeSpec } from "../protocol/index.js";
import type { RecordWriter } from "../records/index.js";
import type { DurableLog } from "./durable-log.js";
import type { Signatures } from "./signatures.js";
import type { Transport } from "./transport.js";

/** What the driver of a node needs. */
export interface NodeDependencies {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
  readonly timeoutMs: number;
  readonly log: DurableLog;
  readonly record: RecordWriter;
  readonly signatures: Signatures;
  /** All replicas but the node itself. */
  readonly replicas: readonly NodeId[];
  /** Sends a message; `settled` hears of each receiver that has acknowledged it, or for which it was given up. */
  readonly send: Transport["send"];
  /** Too much waits for the disk, or no longer. */
  readonly pause: (isPaused: boolean) => void;
  /** Hears the events of the node. */
  readonly observe: (events: readonly Event[]) => void;
  /** Hears of each message that is not handled: a deferred one that is given up, or one that has come before. */
  readonly dropped: (reason: "deferred-too-many" | "duplicate") => void;
  /** Hears how long an input has taken, in seconds. */
  readonly timed: (seconds: number) => void;
  /** The node cannot go on. */
  readonly fail: (error: unknown) => void;
}
