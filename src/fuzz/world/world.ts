// The interface between a strategy and a run: the messages in flight, the timers that are set, what else can
// happen; and verbs that make something happen. A strategy never sees a number of this process, only names
// made of content (see content.ts), so the same dice make the same run anywhere.
//
// There are three worlds: for the `async` network, where sent messages stay deliverable; for all other
// networks; and for virtual time.

import type { Action, ActionTimes, StartChoice } from "../../model/action.js";
import type { Violation } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";

/** The kinds of events; their indexes are those of {@link Tracker} counters. */
export const kinds = [
  "deliver",
  "inject",
  "relay",
  "timer",
  "crash",
  "restart",
  "lose",
  "duplicate",
] as const;
export type EventKind = (typeof kinds)[number];

/** Integers for each event of a trace. */
export const traceStride = 4;

/** Observes every event of a run. */
export interface Witness {
  /** A run begins. */
  began(world: World): void;
  /**
   * An event has changed the state: its kind (the index in {@link kinds}) and, for a message, the number of
   * its type, or -1.
   */
  happened(world: World, kind: number, type: number): void;
}

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

/** What a strategy sees of a run, and what it can do. */
export interface World {
  /** The dice of the run. */
  readonly dice: Dice;
  /** The number of the initial state. */
  readonly initial: number;
  /** Begins again in this initial state, if nothing has happened yet. */
  beginAt(initial: number): void;
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

  /** The number of timers that can fire now. */
  timers(): number;
  /** The node of a timer, and its name: 32 bits. */
  timerAt(index: number): { readonly node: number; readonly key: number };
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
  /** The initial state, and all events so far, as data. */
  readonly start: StartChoice;
  /** Everything that has happened, as data. */
  actions(): Action[];
  /** The state: see `TransitionSystem`. And its name, in two words. */
  readonly vector: Int32Array;
  /** What the properties have observed: 32 bits. */
  readonly observed: number;
  readonly high: number;
  readonly low: number;
  /** The types of messages by number, as `Witness` is told. */
  readonly types: readonly string[];
  /** The same in this process's numbers. */
  trace(): Int32Array;
  /** Repeats the event at index `at` of such a trace; false if it is not possible or changes nothing now. */
  repeatEvent(trace: Int32Array, at: number): boolean;
}

/**
 * How a timed run ended by itself: everybody was served; somebody was not, in time (`late`) or ever
 * (`round`); or it left the bounds of the model, which proves nothing, just like being cut off by the number
 * of actions.
 */
export interface TimedEnd {
  readonly kind: "served" | "late" | "round" | "views";
}

/** A world as seen by the code that makes runs in it. */
export interface RunnableWorld extends World {
  begin(dice: Dice): void;
  /** Timed runs: not null once the run is over. */
  readonly end?: TimedEnd | null;
  /** Timed runs: the longest wait after GST of those who were served, in microseconds. */
  readonly longestWait?: number;
  /**
   * Timed runs: when everything happened, and after how many actions the lasso begins (all, if there is
   * none).
   */
  readonly schedule?: ActionTimes;
  readonly loopFrom?: number;
}
