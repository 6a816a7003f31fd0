// Actions as data: whole messages and names, never interned ids. A trace is a list of actions.

import type { Json, NodeId } from "../protocol/index.js";

/** How a message gets in front of its receiver. */
export type DeliveryKind =
  /** A correct node sent it to the receiver. */
  | "deliver"
  /** A Byzantine node made it. */
  | "inject"
  /** A correct node signed and sent it to somebody else; a Byzantine node passes it on. */
  | "relay";

/** What a network does to a message on its way. */
export type NetworkFaultKind = "lose" | "duplicate";

/** A network partition begins, or ends: see partitions.ts. */
export type PartitionKind = "cut" | "heal";

/** A node stops working, or begins to work again. */
export type CrashKind = "crash" | "restart";

/** One action of the system. */
export type Action =
  | {
      readonly kind: DeliveryKind;
      /** The authenticated origin: see `Input`. */
      readonly from: NodeId;
      /** Where links matter: who has sent it, if that is not its origin. */
      readonly via?: NodeId;
      readonly to: NodeId;
      readonly message: Json;
      /** The label of the outcome, where the receiver has a choice. */
      readonly choice?: string;
    }
  | { readonly kind: NetworkFaultKind; readonly from: NodeId; readonly to: NodeId; readonly message: Json }
  | {
      readonly kind: PartitionKind;
      /** The two groups of replicas between which nothing passes. */
      readonly sides: readonly [readonly NodeId[], readonly NodeId[]];
      /** If so, only what the first group sends to the second is lost. */
      readonly oneWay?: true;
    }
  | { readonly kind: "timer"; readonly node: NodeId; readonly timer: string; readonly choice?: string }
  | { readonly kind: CrashKind; readonly node: NodeId; readonly choice?: string };

/** An action of the network alone: no node takes part in it. */
export type NetworkAction = Extract<Action, { readonly kind: NetworkFaultKind | PartitionKind }>;

/** Whether it is the network that acts. */
export function isOfNetwork(action: Action): action is NetworkAction {
  const { kind } = action;
  return kind === "lose" || kind === "duplicate" || kind === "cut" || kind === "heal";
}

/** Whether a partition begins or ends. */
export function isPartition(action: Action): action is Extract<Action, { readonly kind: PartitionKind }> {
  return action.kind === "cut" || action.kind === "heal";
}

/** The node whose state, or inbox, an action changes; for a partition, which changes several, the first of them. */
export function actor(action: Action): NodeId {
  if (isPartition(action)) return action.sides[0][0]!;
  return "node" in action ? action.node : action.to;
}

/** The message that an action is about, if it is about one. */
export function messageOf(action: Action): Json | undefined {
  return "message" in action ? action.message : undefined;
}

/** The outcome that was chosen, where there was a choice. */
export function choiceOf(action: Action): string | undefined {
  return "choice" in action ? action.choice : undefined;
}

/** Which start each node took, for the nodes that had a choice. */
export type StartChoice = { readonly [node: NodeId]: string };

/** A run from its start: enough to repeat it. */
export interface Execution {
  readonly start: StartChoice;
  readonly actions: readonly Action[];
}

/** An execution that violates a property. */
export interface Counterexample extends Execution {
  readonly property: string;
  /** One sentence that names the conflicting facts. */
  readonly explanation: string;
  /**
   * For liveness: what can be repeated for ever once `actions` have happened. Absent if nothing more has to
   * happen.
   */
  readonly loop?: readonly Action[];
  /** For timed runs: when everything happened. */
  readonly schedule?: ActionTimes;
}

/** When the actions of a timed run happen, in milliseconds (to the microsecond) from the start. */
export interface ActionTimes {
  /** One for each action, those of the loop included. */
  readonly timesMs: readonly number[];
  /** The run was watched until the end of this moment. */
  readonly untilMs: number;
  /**
   * For a run that goes round: the situation of this moment (after `actions`) is that of `untilMs`, time
   * apart.
   */
  readonly againMs?: number;
}
