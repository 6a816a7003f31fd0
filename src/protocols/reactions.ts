// Helpers of the small protocols: values, the event of a decision, and short forms for reactions and effects.

import type { Config, Effect, Event, Step } from "../protocol/index.js";

/** The values that can be decided: as many as the run has requests, at most eight. */
export function valuesOf({ requests }: Pick<Config, "requests">): readonly string[] {
  return [..."ABCDEFGH"].slice(0, requests);
}

/** A value that nobody has requested. Adversaries propose it, which tests `validity`. */
export const neverRequested = "never said";

/** A reaction with this new state, and no effects or events unless given. */
export function reaction<State, Message, Timer extends string = string>(
  state: State,
  effects: readonly Effect<Message, Timer>[] = [],
  events: readonly Event[] = [],
): Step<State, Message, Timer> {
  return { state, effects, events };
}

/** The event of deciding on `value` at `slot` (default: 1). */
export function decided(value: string, slot = 1): Event {
  return { kind: "executed", slot, position: slot, request: value, result: null };
}

/** Effect: sends to every other replica. */
export function toOthers<Message>(message: Message): Effect<Message, never> {
  return { kind: "broadcast", message };
}

/** Effect: sends to one node. */
export function to<Message>(node: string, message: Message): Effect<Message, never> {
  return { kind: "send", to: node, message };
}
