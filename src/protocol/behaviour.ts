// The interface a protocol implements: for every node a pure function from (state, input) to its possible
// outcomes. It uses no clock, no randomness, no I/O and no mutation. Time arrives as an input; a random
// choice is an outcome marked `random`.

import type * as Schema from "effect/Schema";
import type { OwnParameters } from "../parameters/own.js";
import type { ParameterTable } from "../parameters/parameter.js";
import type { AskedFields } from "../parameters/search.js";
import type { Vocabulary } from "../parameters/vocabulary.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Resilience } from "./resilience.js";
import type { Json } from "./schema.js";

/** Who the node is. It is not part of the state. */
export interface Context {
  readonly self: NodeId;
  readonly config: Config;
}

/** How a node begins: for the first time, or after a crash with what was on its disk. */
export type Start<Stable> =
  | { readonly kind: "start" }
  | { readonly kind: "restart"; readonly stable: Stable };

/** An input to a node. */
export type Input<Message, Timer extends string = string, Request = Json> =
  /**
   * A message arrived. `from` is its authenticated origin: the signer if the whole message is a `Signed` term
   * (whoever relayed it), otherwise the node at the other end of the link.
   */
  | { readonly kind: "message"; readonly from: NodeId; readonly message: Message }
  /** A timer expired; it is no longer set. */
  | { readonly kind: "timer"; readonly timer: Timer }
  /** The environment hands the node a request: to a client for submission; to a replica if the run has no clients. */
  | { readonly kind: "request"; readonly request: Request };

/** What a node asks its environment to do, as data. */
export type Effect<Message, Timer extends string = string> =
  | { readonly kind: "send"; readonly to: NodeId; readonly message: Message }
  /** Sends to every replica except the node itself. */
  | { readonly kind: "broadcast"; readonly message: Message }
  /** Sets a timer, or resets it. `delay` is in multiples of the protocol's base timeout (default 1). */
  | { readonly kind: "set-timer"; readonly timer: Timer; readonly delay?: number }
  | { readonly kind: "cancel-timer"; readonly timer: Timer }
  /**
   * The message just received is of use later: deliver it again once the node's state has changed. The
   * environment keeps at most one message for each `key` (the first). On the `async` network every message
   * sent stays deliverable anyway, so a deferred message costs no state there.
   */
  | { readonly kind: "defer"; readonly key: string };

/** The name of a request: equal for equal requests, different for different ones. */
export type Digest = string;

/** The events that properties observe. */
export type Event =
  /** A replica executed `request`, committed at sequence number `slot`, as number `position` (from 1) of its log. */
  | {
      readonly kind: "executed";
      readonly slot: number;
      readonly position: number;
      /** Its index among the requests of a slot that orders several, from 0. Default: 0. */
      readonly index?: number;
      readonly request: Digest;
      readonly result: Json;
      /**
       * Whether it is an entry that the protocol made itself, such as a change of members: replicas must agree on it, but no client has asked for
       * it, and it may come again. Default: a client has asked for it.
       */
      readonly own?: true;
    }
  /** A client submitted `request`. */
  | { readonly kind: "invoked"; readonly request: Digest }
  /** A client accepted `result` as the answer to `request`. */
  | { readonly kind: "accepted"; readonly request: Digest; readonly result: Json }
  /** An event for a property of the protocol's own. */
  | { readonly kind: "custom"; readonly name: string; readonly data: Json };

/** One possible outcome of an input. */
export interface Step<State, Message, Timer extends string = string> {
  /** Names the choice where there are several outcomes; unique among them. */
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

/** All possible outcomes of an input. Never empty; more than one is a labelled choice. */
export type Outcomes<State, Message, Timer extends string = string> = readonly Step<State, Message, Timer>[];

/** A node's whole behaviour. */
export interface Behaviour<State, Message, Timer extends string = string, Request = Json, Stable = Json> {
  /**
   * Describes the state. The canonical form is derived from it, and every new state is checked against it.
   */
  readonly state: Schema.Schema<State>;
  /** How the node begins: one outcome, or a choice of several. */
  init(context: Context, from: Start<Stable>): Outcomes<State, Message, Timer>;
  /** How the node reacts to an input. It is pure: no clock, no randomness, no I/O, no mutation. */
  step(
    context: Context,
    state: State,
    input: Input<Message, Timer, Request>,
  ): Outcomes<State, Message, Timer>;
  /** What is on the disk after a crash: everything written, whether or not it was synced. */
  stable(state: State): Stable;
  /**
   * What else may be on the disk after a power failure, because the last writes were not synced. If writes
   * reach the disk in order: one value for each write that may be the first one lost. Default: none; every
   * write is synced by the end of its step. Only runs that lose unsynced writes ask for it.
   */
  unsynced?(state: State): readonly Stable[];
  /**
   * The timers that stand for local work, such as a disk that reports a finished sync, not for a timeout.
   * They expire in the last view of a run too. Default: none.
   */
  readonly completions?: readonly Timer[];
  /** The view that the node is in. Bounds and liveness are stated in views. */
  view?(state: State): number;
  /** The state as traces and diagrams should show it. Default: the state itself. */
  show?(state: State): Json;
  /**
   * The state as data with all its parts, of which a vote is one, where the state itself is a text: the text of a snapshot. Two states are the
   * same if and only if their data are. Default: the state itself.
   */
  parts?(state: State): Json;
  /**
   * Whether `step` ignores this message in this state and in every later one. The reduction `dead-messages`
   * drops such messages, and checks the claim. A claim left out costs states, nothing else. Default: never.
   */
  isDead?(
    context: Context,
    state: State,
    input: Extract<Input<Message, Timer, Request>, { kind: "message" }>,
  ): boolean;
  /**
   * Which votes are counted together: a name for each group of inputs, or null for one that has to do with none. What an input of one
   * tally does must not depend on the votes that were counted in others; a proposal that carries its sender's vote belongs to
   * the tally of its block. Searches inside a node with very many votes rely on it, and a run in which it turns
   * out to be wrong ends with an error. Without it, tallies are derived from what `step` does: leave it out unless `--explain` advises it.
   *
   * ```ts
   * tally: (_, input) => (input.kind === "message" && input.message.tag === "vote" ? input.message.block : null),
   * ```
   */
  tally?(context: Context, input: Input<Message, Timer, Request>): string | null;
}

/** One node of a run. The type of its state is private to it. */
export interface NodeSpec<Message> {
  readonly id: NodeId;
  readonly role: Role;
  // biome-ignore lint/suspicious/noExplicitAny: an existential type, which TypeScript can only say this way
  readonly behaviour: Behaviour<any, Message, any, any, any>;
}

/** The assumptions of a liveness bound under partial synchrony; all three in one unit of time. */
export interface Timeliness {
  /** The global stabilization time, from the start. */
  readonly gst: number;
  /** The longest delay of a message after GST. */
  readonly delta: number;
  /** The protocol's base timeout. */
  readonly timeout: number;
}

/** The bound itself: when every client is served. */
export interface ServiceBound {
  /** Time from GST, or from the request if that comes later, in the unit of the {@link Timeliness}. */
  readonly within: number;
  /** The last view that may be needed. */
  readonly views: number;
}

/**
 * What a Byzantine node may put into the fields of messages, by their names. What is not there is computed: the values, names, views and
 * slots of the run, and what correct nodes say.
 */
export type NarrowedAlphabet = { readonly [field: string]: readonly Json[] };

/** What a mutant changes of the protocol that it is made of. */
export interface Mutation {
  /** What is wrong with it, in one sentence. */
  readonly flaw?: string;
  /** The names of the parameters, rules and handlers that differ: `enough`, `quorum`, `on.vote`. */
  readonly changes: readonly string[];
  /** What exposes it, as a request; a check without options asks for it. */
  readonly exposedBy?: AskedFields;
}

/** How far a correct replica had got when a run ended. */
export interface ReplicaStanding {
  readonly node: NodeId;
  /** The highest view that it was in. */
  readonly view: number;
  /** The highest slot at which it has executed something, or installed the state of others; 0: none. */
  readonly executed: number;
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
  /** The n-th request of a client, from 1. Simulations need it where clients make more than one. */
  request?(config: Config, client: NodeId, number: number): Request;
  /** The name by which events refer to a request. */
  digest(request: Request): Digest;
  /** The replica that leads a view. Leave it out if the protocol has no views. */
  primary?(config: Config, view: number): NodeId;
  /**
   * Whether a slot may be filled with a null request (a no-op), which executes nothing. Then replicas have to show it where one commits, by
   * a custom event named `skipped` with the slot as its data, if `Config.showsSkipped` asks for it. Default: no.
   */
  readonly nullRequests?: boolean;
  /**
   * Groups of replicas that behave alike, for symmetry reduction; the claim is checked. Default: those that
   * lead no view within the bounds; without `primary`, none.
   */
  interchangeable?(config: Config): readonly (readonly NodeId[])[];
  /**
   * Why liveness is not guaranteed in this run, or null. `byzantine`: all faulty replicas; those in `crashed`
   * follow the protocol until they stop for good. `deceives`: whether Byzantine replicas may do anything but
   * stay silent from the start or follow the protocol in the last view. `unbounded`: the run has no last view and no last slot, as a
   * simulation has none; then `views` is the highest view that was entered (default: no). `standing`: asked again
   * where f of the correct replicas or fewer have executed less than the others, which have executed everything, and each is in a later view
   * than all of those: how far all of them had got (default: it is not so).
   */
  stalls?(
    config: Config,
    run: {
      readonly byzantine: readonly NodeId[];
      readonly crashed: readonly NodeId[];
      readonly views: number;
      readonly deceives: boolean;
      readonly unbounded?: boolean;
      readonly standing?: readonly ReplicaStanding[];
    },
  ): string | null;
  /**
   * An upper bound on how long a client waits after GST, by the protocol's own proof. Null or left out: there
   * is none, and timed runs have to be given one.
   */
  servedWithin?(config: Config, timeliness: Timeliness): ServiceBound | null;
  /**
   * Whether a step takes so long that the fuzzer should not try all inputs of a state before it takes one: a class that is made anew for
   * each. Runs differ from those that it makes otherwise. Default: no.
   */
  readonly slowSteps?: boolean;
  /**
   * Whether its timers mean the times that they are set for, as those of a class do that draws its own delays: simulations then make none longer
   * unless somebody asks for it (`--timer-jitter`). Default: no.
   */
  readonly exactTimers?: boolean;
  /**
   * Whether it relies on each message coming at most once, as one whose messages have no numbers. Then networks that may deliver one again
   * are refused: `async`, `duplicating`, and `--duplicate` of simulations. Default: no.
   */
  readonly messagesComeOnce?: boolean;
  /** What somebody should know who reads a verdict, once runs were made. Default: nothing. */
  notes?(): readonly string[];
  /**
   * The parameters that it understands besides those that every protocol has. One that it does not declare is refused where somebody
   * asks for it. Default: nobody knows what it understands, and nothing is refused.
   */
  readonly parameters?: ParameterTable;
  /**
   * Parameters of its own, which `--set name=value` sets: each with its default, as in `{ epochs: 3 }`, or with a schema and a
   * default. A configuration has the values in `set`. Default: there are none.
   */
  readonly ownParameters?: OwnParameters;
  /** The names of its rules: functions of their own that its proof rests on, and that mutants replace. */
  readonly rules?: readonly string[];
  /** Of a mutant: what is wrong with it, what it changes, and what exposes it; see `DefinedProtocol.with`. */
  readonly mutation?: Mutation;
  /**
   * What it promises to every correct replica, as the name of the property that says so. `all-execute`: all requests, as a replicated
   * log does; `termination`: one decision, whatever is proposed; `totality`: what one of them delivers, as a broadcast does whose sender
   * may be faulty. Simulations without clients are held against it. Default: `all-execute`; but where one request was executed everywhere, and
   * others were not, a simulation is then inconclusive, for nobody has said that more is owed.
   */
  readonly promises?: "all-execute" | "termination" | "totality";
  /** What it calls its views and slots, or that it has none. Default: views and slots. */
  readonly vocabulary?: Vocabulary;
  /** How many nodes it needs to bear f faults, and of which kind. Default: `byzantine`, which is n >= 3f+1. */
  readonly resilience?: Resilience;
  /**
   * Narrows what the generic adversary `arbitrary` says as `self`, field by field: `{ value: ["A", "B"] }`. For what a protocol does not
   * promise to survive, and for alphabets that are too large (`--explain` prints them). Default: nothing is narrowed.
   */
  alphabet?(place: {
    readonly self: NodeId;
    readonly byzantine: readonly NodeId[];
    readonly config: Config;
    readonly views: number;
  }): NarrowedAlphabet;
  /**
   * Whether its one node stands for a whole specification, as `world` makes them. Nothing is executed then, so only properties of its own
   * are checked where nobody names any; with one replica, no faults and no reduction, unless somebody says otherwise. Default: no.
   */
  readonly isSpecification?: boolean;
  /** Why the protocol cannot run with these parameters, or null. */
  refuses?(config: Config): string | null;
}
