// What a strategy sees of a run: the messages in flight, the timers that are set, who is where. It never
// sees a number of this process, only names made of content (see content.ts), so the same dice make the
// same run anywhere.

import type { Violation } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";

/** A statement that a correct node has sent, to anyone. */
export interface Statement {
  readonly by: NodeId;
  /** Its authenticated origin: see `Input`. */
  readonly from: NodeId;
  readonly message: Json;
}

/** What can happen in a setting, besides deliveries and timers. */
export interface Abilities {
  readonly lie: boolean;
  readonly relay: boolean;
  /** Nodes crash. */
  readonly fail: boolean;
  /** The network loses or duplicates messages. */
  readonly networkFault: boolean;
}

/** What a strategy sees of a run. */
export interface RunView {
  /** The dice of the run. */
  readonly dice: Dice;
  /** The number of the initial state. */
  readonly initial: number;
  /** The number of actions so far. */
  readonly events: number;
  /** The run's violation, or null. With a violation the run is over. */
  readonly violation: Violation | null;
  /** The correct nodes. */
  readonly nodes: readonly NodeId[];
  /** The Byzantine replicas, sorted. */
  readonly byzantine: readonly NodeId[];
  readonly can: Abilities;

  /**
   * The number of deliveries that wait and that their receiver, in its current state, has not ignored yet.
   */
  readonly pending: number;
  /** The index of the receiver of the delivery at this place. */
  to(place: number): number;
  /** The index of its sender; `nodes.length` if that is Byzantine. */
  from(place: number): number;
  /** Its name: 32 bits, equal for equal messages, whoever receives them. */
  key(place: number): number;
  /** Its position in the order of sending, over the whole run. */
  sent(place: number): number;
  /** The message itself. */
  message(place: number): Json;
  /**
   * The number of statements that correct nodes have sent, to which a Byzantine node, which hears everything,
   * may react.
   */
  readonly said: number;
  /** The statement with this number, from 0. */
  statement(index: number): Statement;
  /** How often a node has changed its state in this run. */
  version(node: number): number;
  /** The view that a node is in. */
  view(node: number): number;

  /** The number of timers that can fire now. */
  timers(): number;
  /** The node of a timer, and its name: 32 bits. */
  timerAt(index: number): { readonly node: number; readonly key: number };
}
