// What a protocol's author writes: for every node a pure function from (state, input) to its possible outcomes. No
// clocks, no randomness, no I/O, no mutation: time arrives as an input, randomness is a choice among outcomes
// that are marked as random.

import type * as Schema from "effect/Schema";
import type { ParameterTable } from "../parameters/parameter.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Json } from "./schema.js";

/** Who the node is. It never stands inside the state. */
export interface Context {
  readonly self: NodeId;
  readonly config: Config;
}

/** How a node begins: for the first time, or after a crash with what survived it. */
export type Start<Stable> =
  | { readonly kind: "start" }
  | { readonly kind: "restart"; readonly stable: Stable };

/** What can happen to a node. */
export type Input<Message, Timer extends string = string, Request = Json> =
  /**
   * A message arrived. `from` is its authenticated origin: the signer if the message as a whole is a `Signed` term
   * (whoever relayed it), otherwise the node at the other end of the link.
   */
  | { readonly kind: "message"; readonly from: NodeId; readonly message: Message }
  /** A timer that was set has run out; it is no longer set. */
  | { readonly kind: "timer"; readonly timer: Timer }
  /** The environment hands the node a request: to a client for submission; to a replica if the run has no clients. */
  | { readonly kind: "request"; readonly request: Request };

/** What a node asks of its surroundings, as data. */
export type Effect<Message, Timer extends string = string> =
  | { readonly kind: "send"; readonly to: NodeId; readonly message: Message }
  /** Sends to every replica except the node itself. */
  | { readonly kind: "broadcast"; readonly message: Message }
  /** Sets a timer, or sets it anew. `delay` is in multiples of the protocol's base timeout (default 1). */
  | { readonly kind: "set-timer"; readonly timer: Timer; readonly delay?: number }
  | { readonly kind: "cancel-timer"; readonly timer: Timer }
  /**
   * Not yet: the message just received is of use later, so deliver it again once the node's state has changed. The
   * surroundings keep it for the node, at most one for each `key` (the first). On the `async` network every message
   * sent stays deliverable anyway, so there a deferred message costs no state at all.
   */
  | { readonly kind: "defer"; readonly key: string };

/** The name of a request: equal for equal requests, different for different ones. */
export type Digest = string;

/** What the properties look at. */
export type Event =
  /** A replica executed `request`, committed at sequence number `slot`, as number `position` (from 1) of its log. */
  | {
      readonly kind: "executed";
      readonly slot: number;
      readonly position: number;
      /** Its place among the requests of a slot that orders several, from 0. Default: 0. */
      readonly index?: number;
      readonly request: Digest;
      readonly result: Json;
    }
  /** A client submitted `request`. */
  | { readonly kind: "invoked"; readonly request: Digest }
  /** A client accepted `result` as the answer to `request`. */
  | { readonly kind: "accepted"; readonly request: Digest; readonly result: Json }
  /** Anything else that a property of the protocol's own wants to see. */
  | { readonly kind: "custom"; readonly name: string; readonly data: Json };

/** One way for a node to react. */
export interface Step<State, Message, Timer extends string = string> {
  /** Names the choice where there is more than one outcome; unique among the outcomes. */
  readonly label?: string;
  /**
   * Whether chance decides, as a coin does. All random outcomes of one evaluation are the sides of one coin: each has a positive
   * probability and is independent of the past; the scheduler decides when the coin is tossed, and sees how it falls. Where some
   * outcomes are random and others not, the scheduler takes one of the others or tosses. Liveness then means "with probability 1".
   * Safety is not affected: what may happen may happen. Default: false, the scheduler chooses, even against the goal for ever.
   */
  readonly random?: boolean;
  readonly state: State;
  readonly effects: readonly Effect<Message, Timer>[];
  readonly events: readonly Event[];
}

/** All ways for a node to react; more than one is a labelled choice. Never empty. */
export type Outcomes<State, Message, Timer extends string = string> = readonly Step<State, Message, Timer>[];

/** A node's whole behaviour. */
export interface Behaviour<State, Message, Timer extends string = string, Request = Json, Stable = Json> {
  /** Describes the state. Canonical form comes from here, and every new state is checked against it. */
  readonly state: Schema.Schema<State>;
  init(context: Context, from: Start<Stable>): Outcomes<State, Message, Timer>;
  step(
    context: Context,
    state: State,
    input: Input<Message, Timer, Request>,
  ): Outcomes<State, Message, Timer>;
  /** What survives a crash: what has been written, whether or not it was synced. */
  stable(state: State): Stable;
  /**
   * What may be left on the disk instead of `stable(state)` when the power fails, because the last writes were not synced: for
   * writes that reach the disk in order one for each of them that may be the first to be lost. Default: nothing, all that is written
   * is synced by the end of a step. Only runs that lose what is unsynced ask for it.
   */
  unsynced?(state: State): readonly Stable[];
  /**
   * The timers that stand for work of the node itself, such as a disk that answers that it has synced, and not for a timeout: they fire
   * in the last view of a run, too. Default: none.
   */
  readonly completions?: readonly Timer[];
  /** The view that the node is in; bounds and liveness are stated in views. */
  view?(state: State): number;
  /** The state as people should see it, in traces and diagrams. Default: as it is. */
  show?(state: State): Json;
  /**
   * Whether `step` ignores this message in this state and in every state that can follow. The reduction `dead-messages`
   * forgets such messages, and checks that it is so; what is left out here merely costs states. Default: never.
   */
  isDead?(
    context: Context,
    state: State,
    input: Extract<Input<Message, Timer, Request>, { kind: "message" }>,
  ): boolean;
}

/** One node of a run. The type of its state is its own business. */
export interface NodeSpec<Message> {
  readonly id: NodeId;
  readonly role: Role;
  // biome-ignore lint/suspicious/noExplicitAny: an existential type, which TypeScript can only say this way
  readonly behaviour: Behaviour<any, Message, any, any, any>;
}

/** What a proof of timeliness is about; all three in one unit of time. */
export interface Timeliness {
  /** The global stabilization time, from the start. */
  readonly gst: number;
  /** What a message takes after it at most. */
  readonly delta: number;
  /** The protocol's base timeout. */
  readonly timeout: number;
}

/** What a proof of timeliness says. */
export interface ServiceBound {
  /** From GST, or from the request if that comes later, in the unit of the {@link Timeliness}. */
  readonly within: number;
  /** The last view that may be needed. */
  readonly views: number;
}

/** A protocol, ready to be checked. */
export interface Protocol<Message = Json, Request = Json> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly message: Schema.Schema<Message>;
  /** The nodes of a run; clients only if `config.clients`. */
  nodes(config: Config): readonly NodeSpec<Message>[];
  /** The `config.requests` distinct requests. The i-th belongs to the i-th client, where there are clients. */
  requests(config: Config): readonly Request[];
  /** The request that a client makes as its n-th, from 1. Simulations ask for it where clients make more than one. */
  request?(config: Config, client: NodeId, number: number): Request;
  /** The name under which events speak of a request. */
  digest(request: Request): Digest;
  /** Which replica leads a view. Leave it out if the protocol has no views. */
  primary?(config: Config, view: number): NodeId;
  /**
   * Whether a slot may be filled with a null request (a no-op), which executes nothing. Then replicas have to show it where one commits, by
   * a custom event named `skipped` with the slot as its data, if `Config.showsSkipped` asks for it. Default: no.
   */
  readonly nullRequests?: boolean;
  /**
   * Groups of replicas that do the same, for symmetry. Default: those that lead no view within the bounds; without
   * `primary`, none. That it is so is checked.
   */
  interchangeable?(config: Config): readonly (readonly NodeId[])[];
  /**
   * Why nobody is promised to be served in such a run although nothing is wrong, or null. `byzantine`: all faulty replicas, of which those in
   * `crashed` follow the protocol until they stop for good. `deceives`: whether Byzantine replicas may do
   * anything else than be silent from the start, or keep to the protocol in the last view.
   */
  stalls?(
    config: Config,
    run: {
      readonly byzantine: readonly NodeId[];
      readonly crashed: readonly NodeId[];
      readonly views: number;
      readonly deceives: boolean;
    },
  ): string | null;
  /**
   * How long a client may have to wait after GST, at most, by the protocol's own proof. Null, or left out: there is no such figure, and
   * timed runs have to be told one.
   */
  servedWithin?(config: Config, timeliness: Timeliness): ServiceBound | null;
  /** What somebody should know who reads a verdict, once runs were made. Default: nothing. */
  notes?(): readonly string[];
  /**
   * The parameters that it understands besides those that every protocol has. One that it does not declare is refused where somebody
   * asks for it. Default: nobody knows what it understands, and nothing is refused.
   */
  readonly parameters?: ParameterTable;
  /** Why the protocol cannot run with these parameters, or null. */
  refuses?(config: Config): string | null;
}
