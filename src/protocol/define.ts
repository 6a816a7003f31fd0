// `defineProtocol`: a protocol from its schemas and a handler for each kind of input. All types are inferred; what comes out is a
// `Protocol` like any other.

import type { OwnParameters } from "../parameters/own.js";
import type { AnyDefinition } from "./any-definition.js";
import { protocolOf } from "./define-protocol.js";
import type { MessageOf, MessageSchemas, Rules, StateOf, StateSchema } from "./define-types.js";
import type { Definition } from "./definition.js";
import type { DefinedProtocol } from "./variation.js";

/**
 * A protocol from its schemas and handlers. Messages, state, timers, requests, parameters and rules are typed by what the definition
 * says of them; nothing is written twice, and nothing needs a cast.
 *
 * ```ts
 * const vote = defineProtocol({
 *   name: "vote",
 *   summary: "every replica votes for the first request that it gets",
 *   messages: { vote: { value: Schema.String } },
 *   state: { votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })) },
 *   initial: { votes: [] },
 *   onRequest: ({ self }, { votes }, value) =>
 *     reply({ votes: [...votes, { from: self, value }] }).broadcast({ tag: "vote", value }),
 *   on: {
 *     vote: (_, { votes }, { from, message }) => ({ votes: [...votes, { from, value: message.value }] }),
 *   },
 * });
 * vote.digest("A") // => "A"
 * ```
 * @throws {TypeError} for a definition that contradicts itself.
 */
export function defineProtocol<
  const MS extends MessageSchemas,
  SS extends StateSchema,
  Timer extends string = never,
  Request = string,
  Kept extends keyof StateOf<SS> = keyof StateOf<SS>,
  const P extends OwnParameters = Record<never, never>,
  R extends Rules = Record<never, never>,
>(
  definition: Definition<MS, SS, Timer, Request, Kept, P, R>,
): DefinedProtocol<MessageOf<MS>, Request, StateOf<SS>, Timer, P, R> {
  return protocolOf(definition as unknown as AnyDefinition) as unknown as DefinedProtocol<
    MessageOf<MS>,
    Request,
    StateOf<SS>,
    Timer,
    P,
    R
  >;
}
