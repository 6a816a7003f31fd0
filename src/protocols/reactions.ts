// What the small protocols have in common: values, the event of deciding on one, and short forms for reactions. A protocol
// that reads like its paper has no room for boilerplate.

import type { Config, Effect, Event, Step } from "../protocol/index.js";

/** The values that can be decided on: as many as the run has requests, at most eight. */
export function valuesOf({ requests }: Pick<Config, "requests">): readonly string[] {
  return [..."ABCDEFGH"].slice(0, requests);
}

/** A value that nobody has asked for: adversaries say it, and `validity` is about it. */
export const unheardOf = "never said";

/** A reaction with this new state, and nothing else unless it is said. */
export function reaction<State, Message, Timer extends string = string>(
  state: State,
  effects: readonly Effect<Message, Timer>[] = [],
  events: readonly Event[] = [],
): Step<State, Message, Timer> {
  return { state, effects, events };
}

/** The event of deciding on `value` at `slot`, the one slot there is by default. */
export function decided(value: string, slot = 1): Event {
  return { kind: "executed", slot, position: slot, request: value, result: null };
}

/** An effect: to every other replica. */
export function toOthers<Message>(message: Message): Effect<Message, never> {
  return { kind: "broadcast", message };
}

/** An effect: to one node. */
export function to<Message>(node: string, message: Message): Effect<Message, never> {
  return { kind: "send", to: node, message };
}
