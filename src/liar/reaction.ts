// What a correct node makes of a message: it ignores it, only counts it, or heeds it.

import { purely } from "../model/purity.js";
import type { Context, Json, NodeId, NodeSpec, Step } from "../protocol/index.js";
import { textOf } from "./rehearsal.js";

/**
 * `ignored`: nothing changes. `counted`: it says nothing, and adds one item that names the sender to one list of its state, as a vote is
 * counted that is not the last one needed. `heeded`: anything else, with the outcomes
 * as JSON.
 */
export type Reaction =
  | { readonly kind: "ignored" }
  | { readonly kind: "counted"; readonly after: Json }
  | { readonly kind: "heeded"; readonly outcomes: string };

/** A node in some state. */
export interface Standing {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
  readonly state: Json;
}

const ignored: Reaction = { kind: "ignored" };

/**
 * How a node in this state reacts to a message. What `step` throws is a reaction too: the search will say so. `canonical` brings the state
 * after it into canonical form, in which a vote that is in a set twice is there once. Default: it stays as it is.
 */
export function reactionOf(
  { spec: { behaviour }, context, state }: Standing,
  from: NodeId,
  message: Json,
  canonical = (after: Json): Json => after,
): Reaction {
  let outcomes: readonly Step<Json, Json>[];
  try {
    outcomes = purely(() => behaviour.step(context, state, { kind: "message", from, message }));
    if (outcomes.length !== 1) return readAll(outcomes);
    const [{ state: after, effects, events }] = outcomes as readonly [Step<Json, Json>];
    // What is to be delivered again later, the liar can say again later.
    if (events.length > 0 || effects.some(({ kind }) => kind !== "defer")) return readAll(outcomes);
    if (after === state) return ignored;
    const now = canonical(after);
    const changed = changedFields(state, now);
    if (changed === null) {
      const outcome = JSON.stringify(now);
      return outcome === textOf(state) ? ignored : { kind: "heeded", outcomes: outcome };
    }
    if (changed.length === 0) return ignored;
    if (!hasOneMore(state, now, changed, from)) return { kind: "heeded", outcomes: JSON.stringify(now) };
    return { kind: "counted", after: JSON.parse(JSON.stringify(now)) as Json };
  } catch (error) {
    return { kind: "heeded", outcomes: `throws ${error}` };
  }
}

/** What goes into a state or a message is looked at, too: it makes a difference. */
function readAll(outcomes: readonly Step<Json, Json>[]): Reaction {
  return { kind: "heeded", outcomes: JSON.stringify(outcomes) };
}

/** Whether a state differs from another by one item more in one of its lists, which names this node. */
export function isOneMore(before: Json, after: Json, who: NodeId): boolean {
  const changed = changedFields(before, after);
  return changed !== null && hasOneMore(before, after, changed, who);
}

/** The fields in which two structs differ: what a step has left alone is the same object, and is not looked into. Null: they are no structs. */
function changedFields(before: Json, after: Json): readonly string[] | null {
  if (!isStruct(before) || !isStruct(after)) return null;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => {
    const [old, now] = [before[name], after[name]];
    return old !== now && textOf(old as Json) !== JSON.stringify(now);
  });
}

/** `before` is frozen: the texts of its parts are kept. */
function hasOneMore(before: Json, after: Json, changed: readonly string[], who: NodeId): boolean {
  if (changed.length !== 1 || !isStruct(before) || !isStruct(after)) return false;
  const [old, now] = [before[changed[0]!], after[changed[0]!]];
  if (!Array.isArray(old) || !Array.isArray(now) || now.length !== old.length + 1) return false;
  const same = new Set<unknown>(old);
  const others = (now as readonly Json[])
    .filter((item) => !same.has(item))
    .map((item) => JSON.stringify(item));
  const texts = new Set((old as readonly Json[]).map(textOf));
  const added = others.filter((text) => !texts.has(text));
  return added.length === 1 && added[0]!.includes(JSON.stringify(who));
}

function isStruct(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
