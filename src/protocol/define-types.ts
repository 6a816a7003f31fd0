// The types that `defineProtocol` infers from the schemas of a definition: messages by their tags, the state, and the handlers.

import type * as Schema from "effect/Schema";
import type { Context, Step } from "./behaviour.js";
import type { Config, NodeId } from "./node.js";
import type { Signed } from "./signed.js";

/** An intersection as one object type, so that editors and errors show its fields. */
export type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The fields of an object by name, as `Schema.Struct` takes them. */
export type FieldSchemas = Schema.Struct.Fields;

/** What a definition says of its messages: a schema of them all, or for each tag the fields or the schema of one. */
export type MessageSchemas = Schema.Constraint | { readonly [tag: string]: FieldSchemas | Schema.Constraint };

/** What a definition says of its state: its fields, or a schema. */
export type StateSchema = Schema.Constraint | FieldSchemas;

/** The state. */
export type StateOf<S> = S extends Schema.Constraint
  ? S["Type"]
  : S extends FieldSchemas
    ? Flat<Schema.Struct.Type<S>>
    : never;

type Tagged<Tag, Body> = Flat<{ readonly tag: Tag } & Body>;

type OneMessage<Tag, M> = M extends Schema.Constraint
  ? M["Type"] extends Signed<infer Body>
    ? Signed<Tagged<Tag, Body>>
    : Tagged<Tag, M["Type"]>
  : M extends FieldSchemas
    ? Tagged<Tag, Schema.Struct.Type<M>>
    : never;

/** The union of all messages. */
export type MessageOf<MS> = MS extends Schema.Constraint
  ? MS["Type"]
  : { [Tag in keyof MS]: OneMessage<Tag, MS[Tag]> }[keyof MS];

/** What a message says: the body, where it is signed. */
export type BodyOf<Message> = Message extends Signed<infer Body> ? Body : Message;

/** The tags of messages. */
export type TagOf<Message> = BodyOf<Message> extends { readonly tag: infer Tag extends string } ? Tag : never;

type WithTag<Message, Tag> = Message extends unknown
  ? BodyOf<Message> extends { readonly tag: infer T extends string }
    ? Tag extends T
      ? Message
      : never
    : never
  : never;

type WithoutOtherTags<Body, Tag> = Body extends { readonly tag: Tag }
  ? Body
  : Flat<Omit<Body, "tag"> & { readonly tag: Tag }>;

/** What a handler of messages is told. */
export interface Received<Message, Tag> {
  /** Who said it: the signer of a signed message, otherwise who has sent it. */
  readonly from: NodeId;
  /** What it says; of a signed message the body. */
  readonly message: WithoutOtherTags<BodyOf<WithTag<Message, Tag>>, Tag>;
  /** The whole message as it came, with its signature: to be passed on. */
  readonly whole: WithTag<Message, Tag>;
}

/** What a handler returns: one outcome, several, or just the new state. To ignore an input, return the state as it was. */
export type Reaction<State, Message, Timer extends string> =
  | State
  | Step<State, Message, Timer>
  | readonly Step<State, Message, Timer>[];

/** Decisions that a proof rests on, each a function, so that a mutant can replace one. */
export interface Rules {
  // biome-ignore lint/suspicious/noExplicitAny: any function
  readonly [name: string]: (...args: any) => unknown;
}

type Widened<T> = T extends number ? number : T extends boolean ? boolean : T extends string ? string : never;

/** A literal by itself stands for its type: a rule that says 2 may say 3. Several stand for themselves: those are all there are. */
type WidenedLiteral<Literal, Wide> = [Literal] extends [never]
  ? never
  : IsUnion<Literal> extends true
    ? Literal
    : Wide;

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never;

type WidenedResult<T> =
  | Exclude<T, boolean | number | string>
  | (Extract<T, boolean> extends never ? never : boolean)
  | WidenedLiteral<Extract<T, number>, number>
  | WidenedLiteral<Extract<T, string>, string>;

/**
 * The same rules, whatever they return of its type: one that says `true` may say `false` in a mutant. Where a rule is declared to say one of
 * several texts or numbers (`"wait" | "go"`), it still says one of these.
 */
export type RulesLike<R> = {
  readonly [Name in keyof R]: R[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => WidenedResult<Result>
    : R[Name];
};

/** The values of the parameters that a protocol declares. */
export type SetOfParameters<P> = {
  readonly [Name in keyof P]: P[Name] extends { readonly schema: { readonly Type: infer T } }
    ? T
    : P[Name] extends { readonly default: infer D }
      ? Widened<D>
      : Widened<P[Name]>;
};

/** A configuration with the values of the protocol's own parameters. */
export type OwnConfig<P> = Omit<Config, "set"> & { readonly set: SetOfParameters<P> };

/** What a handler knows besides the state. */
export interface OwnContext<P, R> extends Omit<Context, "config"> {
  readonly config: OwnConfig<P>;
  /** The rules of the definition, or those of the mutant that runs. */
  readonly rules: RulesLike<R>;
}
