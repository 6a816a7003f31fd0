// What a strategy sees of a run: what is on its way, which timers are set, what else can happen; and the verbs with which it
// makes something happen. A strategy never sees a number of this process, only names made of content (see content.ts), so
// the same dice make the same run anywhere.
//
// There are three worlds: one for the `async` network, where what was sent stays deliverable, one for all other networks, and one in which
// time passes.

import type { Action, ActionTimes, StartChoice } from "../../model/action.js";
import type { Violation } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";

/** What happens, by kind; the places of {@link Tracker} counters. */
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

/** Who sees every event of a run. */
export interface Witness {
  /** A run begins. */
  began(world: World): void;
  /** Something has changed the state: the kind (its place in {@link kinds}) and, of a message, the number of its type, or -1. */
  happened(world: World, kind: number, type: number): void;
}

/** A statement that a correct node has sent, to whomever. */
export interface Statement {
  readonly by: NodeId;
  /** Its authenticated origin: see `Input`. */
  readonly from: NodeId;
  readonly message: Json;
}

/** What can happen in a setting at all, besides deliveries and timers. */
export interface Abilities {
  readonly lie: boolean;
  readonly relay: boolean;
  /** Nodes crash. */
  readonly fail: boolean;
  /** The network loses or doubles messages. */
  readonly networkFault: boolean;
}

/** See the file comment. */
export interface World {
  /** The dice of the run. */
  readonly dice: Dice;
  /** Which of the ways to begin was taken, by number. */
  readonly initial: number;
  /** Begins again, in this way, as long as nothing has happened. */
  beginAt(initial: number): void;
  /** How many actions have happened. */
  readonly events: number;
  /** What the run has violated, or null. Once it is not null the run is over. */
  readonly violation: Violation | null;
  /** The correct nodes. */
  readonly nodes: readonly NodeId[];
  /** The replicas under the adversary's control, sorted. */
  readonly byzantine: readonly NodeId[];
  readonly can: Abilities;

  /** How many deliveries wait, and have not been looked at by their receiver as it is now. */
  readonly pending: number;
  /** Index of the receiver of the delivery at this place. */
  to(place: number): number;
  /** Index of its sender; a Byzantine one has number `nodes.length`. */
  from(place: number): number;
  /** What it is: 32 bits, equal for equal messages, whoever receives them. */
  key(place: number): number;
  /** When it was sent: the order of all deliveries of the run. */
  sent(place: number): number;
  /** The message itself. */
  message(place: number): Json;
  /** How many statements correct nodes have sent: what a Byzantine node, which hears everything, may react to. */
  readonly said: number;
  statement(index: number): Statement;
  /** How often a node has changed its state in this run. */
  version(node: number): number;
  /** The view that a node is in. */
  view(node: number): number;

  /** Delivers what is at this place, which changes or vanishes; false if the receiver makes nothing of it as it is now. */
  deliver(place: number): boolean;
  /** Puts the delivery at this place sideEvent, as if lost: it comes back only with {@link settle}. */
  setAside(place: number): void;
  /** Brings back all deliveries that would change something now, whatever became of them. False if there are none. */
  settle(): boolean;

  /** How many timers can fire now. */
  timers(): number;
  /** Whose timer it is, and its name: 32 bits. */
  timerAt(index: number): { readonly node: number; readonly key: number };
  /** Fires one of them. */
  fire(index: number): boolean;

  /** The adversary puts something in front of a node, any of the nodes by default; false if what it tried changes nothing. */
  lie(to?: number): boolean;
  /** The adversary says this as `self` to a node, if it may; false if it may not, or if that changes nothing. */
  say(self: NodeId, to: number, message: Json): boolean;
  /** The adversary says something else of the same type that differs from `message` in a field or two; false if it cannot. */
  sayLike(to: number, message: Json): boolean;
  /** The adversary passes something on to somebody whom it was not meant for. */
  relay(): boolean;
  /** Something that was delivered is delivered once more. */
  repeat(): boolean;
  /** A node crashes. */
  crash(): boolean;
  /** A node that is down comes back. */
  restart(): boolean;
  /** The network loses or doubles something. */
  networkFault(): boolean;

  /**
   * Whether nothing is left that has to happen: no delivery and no timer. Where a goal is not met then, the run has violated it.
   */
  isQuiet(): boolean;
  /** How the run began, and everything that has happened, as data. */
  readonly start: StartChoice;
  actions(): Action[];
  /** The state: see `TransitionSystem`. And its name, in two words. */
  readonly vector: Int32Array;
  /** What the properties have observed: 32 bits. */
  readonly observed: number;
  readonly high: number;
  readonly low: number;
  /** The types of messages by number, as `Witness` is told. */
  readonly types: readonly string[];
  /** The same in numbers of this process. */
  trace(): Int32Array;
  /** Makes the event that stands at `at` of such a trace happen again; false if it is not possible or changes nothing now. */
  repeatEvent(trace: Int32Array, at: number): boolean;
}

/**
 * How a timed run has ended by itself: everybody was served; somebody was not, in time or (it goes `round`) ever; or it left the bounds of the
 * model, which proves nothing, as it proves nothing to be cut off by the number of actions.
 */
export interface TimedEnd {
  readonly kind: "served" | "late" | "round" | "views";
}

/** A world, as whoever makes runs in it sees it. */
export interface RunnableWorld extends World {
  begin(dice: Dice): void;
  /** Timed runs: not null once the run is over. */
  readonly end?: TimedEnd | null;
  /** Timed runs: how long, after GST, those who were served have waited at most, in microseconds. */
  readonly longestWait?: number;
  /** Timed runs: when everything happened, and after how many actions the loop begins (all, if there is none). */
  readonly schedule?: ActionTimes;
  readonly loopFrom?: number;
}
