// A story: one execution as plain data, with everything that the page shows of it. It is made where the model is (see tell.ts), and
// the page never computes what a protocol does.

import type { DeliveryKind, NetworkFaultKind, PartitionKind } from "../model/action.js";
import type { MonitorVerdict, NodeId, Role } from "../protocol/index.js";
import type { Json } from "../protocol/schema.js";
import type { Patch } from "./patch.js";

/** A node's lifeline. */
export interface StoryLane {
  readonly node: NodeId;
  /** Null if it is no node of this run, such as a client that only has signed something. */
  readonly role: Role | null;
  readonly isByzantine: boolean;
}

/** Where a node stands; null for the view if its behaviour knows no views. */
export interface StoryNode {
  readonly node: NodeId;
  readonly view: number | null;
  readonly timers: readonly string[];
  readonly down: boolean;
  readonly state: Json;
}

/** What a property says; `why` is null if it holds. */
export interface StoryMonitor {
  readonly property: string;
  readonly kind: "always" | "eventually" | "sometimes";
  readonly verdict: MonitorVerdict;
  readonly why: string | null;
  readonly exercised: number;
}

/** A message as far as filters and diagrams know it. */
export interface StoryMessage {
  /** What kind of message: its tag. */
  readonly type: string;
  readonly text: string;
  readonly view: number | null;
  readonly slot: number | null;
}

/** A message that was sent in a step. */
export interface StorySent extends StoryMessage {
  readonly to: NodeId | "all replicas";
}

/** Where something that a step needs was sent: in which step, and which of its messages; null: at the start. */
export interface StoryCause {
  readonly node: NodeId;
  readonly step: number | null;
  readonly letter: number | null;
}

/** One action and what it has done. */
export interface StoryStep {
  readonly kind: DeliveryKind | NetworkFaultKind | PartitionKind | "timer" | "crash" | "restart";
  /** The node to which it happens. */
  readonly at: NodeId;
  /** Who has put the message in front of it; null if it is about no message. */
  readonly from: NodeId | null;
  /** In words, with who does it. */
  readonly line: string;
  /** In words, without. */
  readonly deed: string;
  readonly message: (StoryMessage & { readonly content: Json }) | null;
  /** The timer that fires. */
  readonly timer: string | null;
  /** The label of the outcome, where there was a choice. */
  readonly choice: string | null;
  /** What properties have seen, and what else has changed, in words. */
  readonly events: readonly string[];
  readonly changes: readonly string[];
  /** The requests that were executed. */
  readonly executed: readonly string[];
  readonly sent: readonly StorySent[];
  readonly causes: readonly StoryCause[];
  /** Where the node stands afterwards. */
  readonly view: number | null;
  readonly timers: readonly string[];
  readonly down: boolean;
  /** What has changed in its state. */
  readonly patch: Patch;
  /** All properties, if any says something else now. */
  readonly monitors: readonly StoryMonitor[] | null;
  /** What the adversary knows now and did not before, in words. */
  readonly learned: readonly string[];
  /** When, in milliseconds; null if the run knows no time. */
  readonly timeMs: number | null;
}

/** How it ends. `open`: it can go on. */
export type StoryOutcome = "violated" | "holds" | "diverged" | "open";

/** From where on every fair continuation violates the property: see unavoidable.ts in the explorer. */
export interface StoryUnavoidable {
  /** The number of the first such action, from 1; 0: from the start. Null if that could not be decided. */
  readonly from: number | null;
  readonly text: string;
}

/** See the file comment. */
export interface Story {
  /** What it is called where there are several. */
  readonly name: string;
  readonly title: string;
  readonly subtitle: readonly string[];
  /** What the protocol is, or what is wrong with it, and how the Byzantine replicas misbehave: a sentence each. */
  readonly about: readonly string[];
  /** What each property asks for, by its name. */
  readonly meanings: { readonly [property: string]: string };
  /** What the protocol calls one of its views and slots. */
  readonly words: { readonly view: string; readonly slot: string };
  /** The property in question; null if there is none. */
  readonly property: string | null;
  readonly outcome: StoryOutcome;
  /** How it ends, in a sentence. */
  readonly end: string;
  readonly lanes: readonly StoryLane[];
  /** How the nodes began that had a choice. */
  readonly starts: readonly string[];
  readonly nodes: readonly StoryNode[];
  readonly monitors: readonly StoryMonitor[];
  /** What the adversary knows at the start, in words. */
  readonly known: readonly string[];
  readonly steps: readonly StoryStep[];
  /** The index of the first step of those that can be repeated for ever; null if there are none. */
  readonly loopFrom: number | null;
  readonly unavoidable: StoryUnavoidable | null;
}
