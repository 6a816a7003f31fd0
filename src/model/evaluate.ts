// Calls user functions and checks them: an exception, a mutation of the (frozen) input, or two evaluations
// that differ become a UserError that names the node and the input. Every call is made twice; this costs
// little, since no (state, input) pair is evaluated again.

import type { Context, Input, Json, NodeSpec, Outcomes, Start } from "../protocol/index.js";
import { calls } from "../watch/calls.js";
import { Abandoned, look } from "../watch/clock.js";
import { UserError } from "./errors.js";
import { shownValue } from "./json-problem.js";
import { outcomesProblem } from "./outcome-problem.js";
import { Impurity, purely } from "./purity.js";
import { thrownText, userFrames } from "./user-frames.js";

/** A step of any protocol. */
export type AnyOutcomes = Outcomes<Json, Json>;

/** All outcomes of a node's start, or restart. */
export function evaluateInit(
  spec: NodeSpec<Json>,
  context: Context,
  from: Start<Json> = { kind: "start" },
): AnyOutcomes {
  const when = () =>
    from.kind === "start" ? "at its start" : clip(`at its restart ${JSON.stringify(from)}`);
  return evaluate(spec, when, () => spec.behaviour.init(context, from));
}

/** What a node was doing, for errors. */
export function whenOf(state: Json, input: Input<Json>): string {
  return clip(`on ${JSON.stringify(input)} in state ${JSON.stringify(state)}`);
}

/** Adds what a node was doing to an error about what it returned. */
export function naming<T>(when: () => string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "protocol-malformed") throw error;
    throw new UserError(error.code, `${error.message.replace(/\.$/, "")}, ${when()}.`);
  }
}

/** All outcomes of one input. */
export function evaluateStep(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: Input<Json>,
): AnyOutcomes {
  return evaluate(
    spec,
    () => whenOf(state, input),
    () => spec.behaviour.step(context, state, input),
  );
}

/**
 * What an evaluation returned, to be compared with a later one; `identity` takes away what stands beside a
 * state (see `Mark`).
 */
export function outcomesText(outcomes: AnyOutcomes, identity: (state: Json) => Json): string {
  return JSON.stringify(outcomes.map((outcome) => ({ ...outcome, state: identity(outcome.state) })));
}

/**
 * Evaluates a step once more, when others came between.
 *
 * @throws {UserError} `protocol-nondeterministic` if it returns something else now.
 */
export function evaluateAgain(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: Input<Json>,
  before: string,
  identity: (state: Json) => Json,
): void {
  const now = outcomesText(evaluateStep(spec, context, state, input), identity);
  if (now === before || sameJson(JSON.parse(now), JSON.parse(before))) return;
  const when = whenOf(state, input);
  const why =
    "the same step has another outcome after other steps, so something is remembered outside the state";
  throw nondeterministic(spec, why, when);
}

function evaluate(spec: NodeSpec<Json>, when: () => string, call: () => AnyOutcomes): AnyOutcomes {
  const first = guarded(spec, when, call);
  const second = guarded(spec, when, call);
  if (!sameJson(first, second)) {
    const where = differenceOf(first, second);
    throw nondeterministic(spec, `two evaluations of the same step differ${where}`, when());
  }
  return first;
}

/** Where two outcomes differ, and in what. */
function differenceOf(first: unknown, second: unknown, path = ""): string {
  const isNested = (value: unknown) => typeof value === "object" && value !== null;
  if (isNested(first) && isNested(second)) {
    const [a, b] = [first, second] as { readonly [key: string]: unknown }[];
    for (const key of new Set([...Object.keys(a!), ...Object.keys(b!)])) {
      if (sameJson(a![key] ?? null, b![key] ?? null)) continue;
      return differenceOf(a![key], b![key], Array.isArray(first) ? `${path}[${key}]` : `${path}.${key}`);
    }
  }
  const where = path.replace(/^\[0\]/, "") || "the outcomes"; // mostly there is one
  return ` (${where}: ${shownValue(first)}, then ${shownValue(second)})`;
}

function guarded(spec: NodeSpec<Json>, when: () => string, call: () => AnyOutcomes): AnyOutcomes {
  look(); // nothing is half done before a step, and many steps may be slow
  let outcomes: AnyOutcomes;
  const before = calls(() => `${spec.id}, ${when()},`);
  try {
    outcomes = purely(call);
  } catch (error) {
    if (error instanceof UserError || error instanceof Abandoned) throw error;
    if (error instanceof Impurity)
      throw nondeterministic(spec, `it asked ${error.message}`, when(), userFrames(error));
    const text = thrownText(error);
    const details = { frames: userFrames(error) };
    if (
      error instanceof TypeError &&
      /read only|not extensible|Cannot (delete|define|redefine|add)/.test(text)
    ) {
      throw new UserError(
        "protocol-mutated-input",
        `${spec.id} mutated its input (${text}), ${when()}. States and messages are immutable: return a new object.`,
        details,
      );
    }
    throw new UserError("protocol-threw", `${spec.id} threw "${text}", ${when()}.`, details);
  } finally {
    calls(before);
  }
  const problem = outcomesProblem(outcomes);
  if (problem) throw new UserError("protocol-malformed", `${spec.id} ${problem}, ${when()}.`);
  return outcomes;
}

function nondeterministic(
  spec: NodeSpec<Json>,
  why: string,
  when: string,
  frames: readonly string[] = [],
): UserError {
  return new UserError(
    "protocol-nondeterministic",
    `${spec.id} is nondeterministic: ${why}, ${when}. A step function must depend on its arguments alone; return several ` +
      "labelled outcomes where there is a choice, marked as random where chance decides.",
    { frames },
  );
}

/** Structural equality. Two evaluations share most of their parts, so identical parts are not looked into. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) =>
    sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

/** At most so much of a text as people read in an error. */
export function clip(text: string): string {
  return text.length > 1200 ? `${text.slice(0, 1200)}...` : text;
}
