// What a strategy may do in a run: verbs that make one event happen, if it is possible.

import type { Json, NodeId } from "../../protocol/index.js";

/** What a strategy may do. A verb that returns a boolean says whether anything has happened. */
export interface RunActions {
  /** Begins again in this initial state, if nothing has happened yet. */
  beginAt(initial: number): void;

  /**
   * Delivers what is at this place, which changes or vanishes; false if the receiver ignores it in its
   * current state.
   */
  deliver(place: number): boolean;
  /** Puts the delivery at this place aside, as if lost: only {@link settle} brings it back. */
  setAside(place: number): void;
  /**
   * Brings back all deliveries that would change something now, whatever happened to them. False if there are
   * none.
   */
  settle(): boolean;

  /** Fires one of them. */
  fire(index: number): boolean;

  /** The adversary sends something to a node (default: any); false if what it tried changes nothing. */
  lie(to?: number): boolean;
  /**
   * The adversary sends this message as `self` to a node; false if it may not, or if that changes nothing.
   */
  say(self: NodeId, to: number, message: Json): boolean;
  /**
   * The adversary sends a message of the same type that differs from `message` in a field or two; false if it
   * cannot.
   */
  sayLike(to: number, message: Json): boolean;
  /** The adversary forwards a message to a node it was not addressed to. */
  relay(): boolean;
  /** A delivered message is delivered once more. */
  repeat(): boolean;
  /** A node crashes. */
  crash(): boolean;
  /** A node that is down restarts. */
  restart(): boolean;
  /** The network loses or duplicates a message. */
  networkFault(): boolean;

  /**
   * Whether nothing is left that has to happen: no delivery and no timer. A goal that is not met then is
   * violated.
   */
  isQuiet(): boolean;
  /** Repeats the event at index `at` of such a trace; false if it is not possible or changes nothing now. */
  repeatEvent(trace: Int32Array, at: number): boolean;
}
