// A definition of a protocol, and a variation of one, of which nothing is known but their shape.

import type { OwnParameters, OwnValues } from "../parameters/own.js";
import type { AskedFields } from "../parameters/search.js";
import type { Behaviour, Mutation, Protocol, Step } from "./behaviour.js";
import type { MessageSchemas, OwnContext, Rules, StateSchema } from "./define-types.js";
import type { Definition } from "./definition.js";
import type { Json } from "./schema.js";

export type Ctx = OwnContext<OwnParameters, Rules>;
export type State = { readonly [field: string]: Json };
export type Message = Json;
export type AnyReaction = State | Step<State, Message> | readonly Step<State, Message>[];
export type Handler = (context: Ctx, state: State, input?: unknown) => AnyReaction;

/** A definition of which nothing is known but its shape: its types were checked where it was written down. */
export type AnyDefinition = Omit<
  Definition<MessageSchemas, StateSchema, string, Json, never, OwnParameters, Rules>,
  "on" | "onTimer" | "onRequest" | "onStart" | "step" | "initial" | "stable" | "unsynced" | "nodes"
> & {
  readonly initial: State | ((context: Ctx) => State);
  readonly stable?: readonly string[];
  readonly unsynced?: (state: State) => readonly State[];
  readonly on?: { readonly [tag: string]: Handler };
  readonly onTimer?: { readonly [timer: string]: Handler };
  readonly onRequest?: Handler;
  readonly onStart?: Handler;
  readonly step?: Handler;
  readonly mutation?: Mutation;
  nodes?(config: Ctx["config"], replica: Behaviour<State, Message>): ReturnType<Protocol<Message>["nodes"]>;
};

/** What differs in a mutant; see `Variation`. */
export interface AnyVariation extends Pick<AnyDefinition, "on" | "onTimer" | "onRequest" | "onStart"> {
  readonly name?: string;
  readonly flaw?: string;
  readonly set?: OwnValues;
  readonly rules?: Rules;
  readonly exposedBy?: AskedFields;
}
