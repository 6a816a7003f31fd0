// A variation of a defined protocol: the same definition with some parts replaced. A mutant is one with a known flaw.

import type { OwnParameters } from "../parameters/own.js";
import type { AskedFields } from "../parameters/search.js";
import type { Protocol } from "./behaviour.js";
import type { OwnContext, Rules, RulesLike, SetOfParameters } from "./define-types.js";
import type { Handlers } from "./definition.js";

/** What differs: values of parameters, rules, or handlers. What is left out stays. */
export interface Variation<
  State,
  Message,
  Timer extends string,
  Request,
  P extends OwnParameters,
  R extends Rules,
> {
  /** Default: the protocol's own. */
  readonly name?: string;
  /** What is wrong with it, in one sentence. */
  readonly flaw?: string;
  /** Other defaults of parameters. */
  readonly set?: Partial<SetOfParameters<P>>;
  /** Other rules. */
  readonly rules?: Partial<RulesLike<R>>;
  /** Other handlers of messages, by tag. */
  readonly on?: Partial<NonNullable<Handlers<State, Message, Timer, Request, OwnContext<P, R>>["on"]>>;
  /** Other handlers of timers, by name. */
  readonly onTimer?: Partial<
    NonNullable<Handlers<State, Message, Timer, Request, OwnContext<P, R>>["onTimer"]>
  >;
  /** Another handler of requests. */
  readonly onRequest?: NonNullable<Handlers<State, Message, Timer, Request, OwnContext<P, R>>["onRequest"]>;
  /** Another beginning. */
  readonly onStart?: NonNullable<Handlers<State, Message, Timer, Request, OwnContext<P, R>>["onStart"]>;
  /**
   * What exposes the flaw, as a request: `{ adversaries: ["arbitrary"], views: 2, properties: ["agreement"] }`. A check of the mutant without options
   * asks for it. Default: what is asked of the protocol itself.
   */
  readonly exposedBy?: AskedFields;
}

/** A protocol made by `defineProtocol`. */
export interface DefinedProtocol<
  Message,
  Request,
  State,
  Timer extends string,
  P extends OwnParameters,
  R extends Rules,
> extends Protocol<Message, Request> {
  /**
   * The same protocol with other parameters, rules or handlers, as in
   * `export const mutants = { "two-votes": protocol.with({ set: { enough: 2 } }) }`.
   */
  with(
    variation: Variation<State, Message, Timer, Request, P, R>,
  ): DefinedProtocol<Message, Request, State, Timer, P, R>;
}
