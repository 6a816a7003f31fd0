// States and messages are JSON-like values described by an Effect Schema. An annotation on the schema marks
// what the JSON itself does not say: that a string is a node id, or that an array stands for a set or a bag.

import * as Schema from "effect/Schema";

/** A JSON value: what states, messages, events and trace files are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The type itself if its values are JSON. As a constraint, `T extends JsonShape<T>`, it admits interfaces too: `T extends Json` refuses these
 * for want of an index signature.
 */
export type JsonShape<T> = {
  readonly [Name in keyof T]: T[Name] extends Json | undefined
    ? T[Name]
    : T[Name] extends (...args: never) => unknown
      ? never
      : T[Name] extends object | null | undefined
        ? JsonShape<T[Name]>
        : never;
};

/**
 * What an annotated schema means beyond its JSON shape. `beside` is for a field of the state's outermost
 * object: it accompanies the state but is not part of it. Of two states that differ only there, the first one
 * found represents both.
 */
export type Mark = "node-id" | "set" | "bag" | "beside";

/** The annotation key of a {@link Mark} in a schema. */
export const markKey = "turncoat/mark";

/**
 * Annotates a schema with a mark. {@link SetOf}, {@link BagOf} and `NodeId` are made with it.
 *
 * ```ts
 * marked(Schema.String, "node-id").ast.annotations[markKey] // => "node-id"
 * ```
 */
export function marked<S extends Schema.Top>(schema: S, mark: Mark): S["Rebuild"] {
  return schema.annotate({ [markKey]: mark });
}

/**
 * An array that stands for a set: order and repetition carry no meaning. Values that differ only in the order
 * of a set are one state, whichever order the protocol builds it in.
 *
 * ```ts
 * const Votes = SetOf(NodeId); // ["r2", "r1"] and ["r1", "r2"] are the same votes
 * Schema.decodeUnknownSync(Votes)(["r2", "r1"]) // => ["r2", "r1"]
 * ```
 */
export function SetOf<S extends Schema.Top>(item: S): Schema.$Array<S>["Rebuild"] {
  return marked(Schema.Array(item), "set");
}

/**
 * An array that stands for a bag: order carries no meaning, repetition does.
 *
 * ```ts
 * const Tokens = BagOf(Schema.String); // ["a", "b", "a"] is ["a", "a", "b"], and is not ["a", "b"]
 * Schema.decodeUnknownSync(Tokens)(["a", "b", "a"]) // => ["a", "b", "a"]
 * ```
 */
export function BagOf<S extends Schema.Top>(item: S): Schema.$Array<S>["Rebuild"] {
  return marked(Schema.Array(item), "bag");
}
