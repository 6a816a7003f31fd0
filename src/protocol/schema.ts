// States and messages are JSON-like values described by an Effect Schema. Two kinds of place in them mean more than
// their JSON does: a node id, and an array that stands for a set (or a bag). They are marked by an annotation on the schema.

import * as Schema from "effect/Schema";

/** A JSON value: what states, messages, events and trace files are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What an annotated schema means beyond its JSON shape. A field marked `beside`, of the outermost object of a state, comes along with the
 * state and is no part of it: of two states that differ only there, the first that was met stands for both. It is not looked at.
 */
export type Mark = "node-id" | "set" | "bag" | "beside";

/** The annotation key under which a {@link Mark} stands in a schema. */
export const markKey = "turncoat/mark";

/** Annotates a schema with a mark. */
export function marked<S extends Schema.Top>(schema: S, mark: Mark): S["Rebuild"] {
  return schema.annotate({ [markKey]: mark });
}

/**
 * An array that stands for a set: order and repetition carry no meaning. Two values that differ only in the order of
 * a set are one state, whichever order the protocol's author built it in.
 *
 * ```ts
 * const Votes = SetOf(NodeId); // ["r2", "r1"] and ["r1", "r2"] are the same votes
 * ```
 */
export function SetOf<S extends Schema.Top>(item: S): Schema.$Array<S>["Rebuild"] {
  return marked(Schema.Array(item), "set");
}

/** An array that stands for a bag: order carries no meaning, repetition does. */
export function BagOf<S extends Schema.Top>(item: S): Schema.$Array<S>["Rebuild"] {
  return marked(Schema.Array(item), "bag");
}
