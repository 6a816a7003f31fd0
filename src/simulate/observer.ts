// What a simulated run tells whoever records it, in the order in which it happens.

import type { Micros } from "../model/timed/timing.js";
import type { Input, Json, NodeId, Step } from "../protocol/index.js";
import type { Standing } from "./watch.js";

/** Where a correct node stands. */
export interface RecordedNode {
  readonly node: NodeId;
  /** Null if its behaviour knows no views. */
  readonly view: number | null;
  readonly timers: readonly string[];
  /** Whether it has crashed, and is not back; `state` is then what it was before. */
  readonly down: boolean;
  readonly state: Json;
}

/** What an observer may ask the run. */
export interface Observed {
  readonly time: () => Micros;
  readonly standing: (node: number) => RecordedNode;
  readonly standings: () => readonly Standing[];
}

/** An outcome that a node takes. */
export interface Taken {
  readonly node: number;
  readonly input: Input<Json> | { readonly kind: "start" } | { readonly kind: "restart" };
  readonly outcome: Step<Json, Json>;
  /** Names the outcome if there was a choice. */
  readonly label: string | undefined;
  /** The input is a message that the node had deferred. */
  readonly again: boolean;
}

/** See the file comment. */
export interface RunObserver {
  /** The run that is observed. */
  attach(run: Observed): void;
  /** A node takes an outcome; what that sends comes next. */
  took(taken: Taken): void;
  /** A node has begun; `label` names its start if it had a choice. */
  began(node: number, label: string | undefined): void;
  /** All nodes have begun. */
  allBegan(): void;
  /** A message leaves, and arrives so often. */
  sent(from: number, to: number, input: Input<Json>, copies: number): void;
  /** A node has handled an input, with all that it did. */
  handled(node: number, input: Input<Json>): void;
  /** A node has crashed. */
  crashed(node: number): void;
  /** A node has come back, with all that it did then. */
  restarted(node: number): void;
}
