// Checks that the result of a protocol's `init` or `step` is a list of outcomes, down to the last field of
// each effect and event.

import type { Json, Outcomes } from "../protocol/index.js";
import { eventProblem } from "./event-problem.js";
import { nestingProblem, textOf } from "./json-problem.js";
import { isInterned, isPlainJson } from "./plain-json.js";

/** What is wrong with it, or null. */
export function outcomesProblem(outcomes: unknown): string | null {
  if (!Array.isArray(outcomes) || outcomes.length === 0)
    return outcomes instanceof Promise
      ? "must return a non-empty list of outcomes, not a promise"
      : "must return a non-empty list of outcomes";
  for (const outcome of outcomes as readonly (Partial<Outcomes<Json, Json>[number]> | null)[]) {
    const problem = outcomeProblem(outcome);
    if (problem !== null) return problem;
  }
  return null;
}

function outcomeProblem(outcome: Partial<Outcomes<Json, Json>[number]> | null): string | null {
  if (typeof outcome !== "object" || outcome === null || !("state" in outcome))
    return "returned an outcome without a state";
  const { state, effects, events, label, random } = outcome;
  if (!Array.isArray(effects) || !Array.isArray(events))
    return "returned an outcome without a list of effects and a list of events";
  if (label !== undefined && typeof label !== "string")
    return `returned an outcome whose label is not a string: ${textOf(label)}`;
  if (random !== undefined && typeof random !== "boolean")
    return `returned an outcome whose random is neither true nor false: ${textOf(random)}`;
  const nested = nestingProblem(state, isInterned);
  if (nested !== null) return `returned a state that ${nested}`;
  for (const effect of effects as readonly unknown[]) {
    const problem = effectProblem(effect);
    if (problem !== null) return `returned something malformed: ${problem}`;
  }
  if (events.length === 0) return null;
  if (nestingProblem(events) !== null || !isPlainJson(events))
    return "returned events that are not plain JSON";
  for (const event of events as readonly unknown[]) {
    const problem = eventProblem(event);
    if (problem !== null) return `returned ${problem}`;
  }
  return null;
}

const isText = (value: unknown) => typeof value === "string";

/** The fields of each kind of effect besides `message`, and what each has to be. */
const shapes: {
  readonly [kind: string]: readonly (readonly [string, (value: unknown) => boolean, string])[];
} = {
  send: [["to", isText, "the id of a node"]],
  broadcast: [],
  "set-timer": [
    ["timer", isText, "a string"],
    [
      "delay",
      (value) => value === undefined || (Number.isFinite(value) && (value as number) >= 0),
      "a finite number, 0 or more (in multiples of the base timeout), or left out",
    ],
  ],
  "cancel-timer": [["timer", isText, "a string"]],
  defer: [["key", isText, "a string"]],
};

/**
 * What is wrong with an effect, or null. Whether a message fits the protocol's schema is asked when it is
 * interned.
 */
function effectProblem(effect: unknown): string | null {
  if (typeof effect !== "object" || effect === null) return `an effect that is no object: ${textOf(effect)}`;
  const { kind, message } = effect as { readonly kind?: unknown; readonly message?: unknown };
  const shape = typeof kind === "string" && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  if (!shape)
    return `an effect of unknown kind: ${textOf(effect)}; there are ${Object.keys(shapes).join(", ")}`;
  for (const [field, accepts, wanted] of shape)
    if (!accepts((effect as Record<string, unknown>)[field]))
      return `the ${field} of an effect is not ${wanted}: ${textOf(effect)}`;
  const nested = nestingProblem(message, isInterned);
  return nested === null ? null : `the message of an effect ${nested}`;
}
