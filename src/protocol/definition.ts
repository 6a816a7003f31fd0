// What an author writes down: the definition of a protocol, for `defineProtocol`.

import type * as Schema from "effect/Schema";
import type { OwnParameters } from "../parameters/own.js";
import type { Behaviour, Digest, Input, NarrowedAlphabet, NodeSpec, Protocol } from "./behaviour.js";
import type {
  MessageOf,
  MessageSchemas,
  OwnConfig,
  OwnContext,
  Reaction,
  Received,
  Rules,
  StateOf,
  StateSchema,
  TagOf,
} from "./define-types.js";
import type { NodeId } from "./node.js";
import type { Json } from "./schema.js";

/** What each input does. */
export interface Handlers<State, Message, Timer extends string, Request, Ctx> {
  /** What a message does, by its tag. One whose tag is not there is a type error. */
  readonly on?: {
    readonly [Tag in TagOf<Message>]: (
      context: Ctx,
      state: State,
      received: Received<Message, Tag>,
    ) => Reaction<State, Message, NoInfer<Timer>>;
  };
  /** What a timer does when it expires, by its name: the timers are those that have a handler here. */
  readonly onTimer?: {
    readonly [Name in Timer]: (context: Ctx, state: State) => Reaction<State, Message, NoInfer<Timer>>;
  };
  /** What a request from the environment does. Default: it is ignored. */
  readonly onRequest?: (
    context: Ctx,
    state: State,
    request: Request,
  ) => Reaction<State, Message, NoInfer<Timer>>;
  /**
   * What a node does at its start, in its initial state, and after a crash (`from.kind` is `restart`), with the fields that are on its disk.
   * Timers do not survive a crash, so it sets them again. What it does only once, a first proposal for example, it must not do again then.
   * Default: nothing.
   */
  readonly onStart?: (
    context: Ctx,
    state: State,
    from: { readonly kind: "start" | "restart" },
  ) => Reaction<State, Message, NoInfer<Timer>>;
  /** All inputs in one function, instead of `on`, `onTimer` and `onRequest`. */
  readonly step?: (
    context: Ctx,
    state: State,
    input: Input<Message, Timer, Request>,
  ) => Reaction<State, Message, NoInfer<Timer>>;
}

/** A protocol as its author writes it down. */
export interface Definition<
  MS extends MessageSchemas,
  SS extends StateSchema,
  Timer extends string,
  Request,
  Kept extends keyof StateOf<SS>,
  P extends OwnParameters,
  R extends Rules,
> extends Handlers<StateOf<SS>, MessageOf<MS>, Timer, Request, OwnContext<P, R>>,
    Pick<
      Behaviour<StateOf<SS>, MessageOf<MS>, NoInfer<Timer>, Request, Json>,
      "completions" | "view" | "show" | "isDead" | "tally"
    >,
    Pick<Protocol, "nullRequests" | "messagesComeOnce" | "notes" | "promises" | "vocabulary" | "resilience"> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /**
   * What can be sent: for each tag the fields of the message, as in `{ vote: { value: Schema.String } }`; `SignedOf(Schema.Struct({...}))`
   * for one that is signed. Or one schema for all messages, each with a `tag`.
   */
  readonly messages: MS;
  /** What a node remembers: its fields, or a schema. */
  readonly state: SS;
  /** The state of a node that starts. */
  readonly initial: StateOf<SS> | ((context: OwnContext<P, R>) => StateOf<SS>);
  /** The names of the fields that are on a disk and survive a crash. Default: all of them. */
  readonly stable?: readonly Kept[];
  /**
   * After a power failure, what else a state may come back as, because its last writes were not synced: for each write that may be the
   * first one lost, the state without it. See `Behaviour.unsynced`. Default: none; every write is synced by the end of its step.
   */
  readonly unsynced?: (state: StateOf<SS>) => readonly StateOf<SS>[];
  /** The schema of a request. Default: what `requests` gives; text where that is left out. */
  readonly request?: Schema.Schema<Request>;
  /** The requests, of which a run takes as many as it has. Default: `A`, `B`, `C` and so on. A protocol that takes none says `[]`. */
  readonly requests?: readonly Request[] | ((config: OwnConfig<P>) => readonly Request[]);
  /** The name by which events refer to a request. Default: the request itself if it is a text, otherwise its JSON. */
  readonly digest?: (request: Request) => Digest;
  /** Parameters of the protocol's own, each with its default: they are set by `--set name=value`, and stand in `config.set`. */
  readonly parameters?: P;
  /** The decisions that the proof rests on. Handlers find them in `context.rules`; a mutant replaces one. */
  readonly rules?: R;
  /** The replica that leads a view. Leave it out if the protocol has no views. */
  readonly primary?: (config: OwnConfig<P>, view: number) => NodeId;
  /** The nodes of a run. Default: all replicas behave as this definition says. */
  readonly nodes?: (
    config: OwnConfig<P>,
    replica: Behaviour<StateOf<SS>, MessageOf<MS>, Timer, Request, Json>,
  ) => readonly NodeSpec<MessageOf<MS>>[];
  /** See `Protocol.interchangeable`. */
  readonly interchangeable?: (config: OwnConfig<P>) => readonly (readonly NodeId[])[];
  /** What Byzantine nodes may put into fields of messages, by their names: see `Protocol.alphabet`. Default: what is computed. */
  readonly alphabet?:
    | NarrowedAlphabet
    | ((
        place: Parameters<NonNullable<Protocol["alphabet"]>>[0] & { readonly config: OwnConfig<P> },
      ) => NarrowedAlphabet);
  /** Why the protocol cannot run with these parameters, or null. */
  readonly refuses?: (config: OwnConfig<P>) => string | null;
  /** See `Protocol.stalls`. */
  readonly stalls?: (
    config: OwnConfig<P>,
    run: Parameters<NonNullable<Protocol["stalls"]>>[1],
  ) => string | null;
}
