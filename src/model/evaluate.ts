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
 * What an evaluation returned, as it is now: whoever returned it may still change it. `interned` are the states in it as they
 * were interned, which nobody can change: mostly they are the same. `identity` takes away what stands beside a state (see `Mark`).
 */
export function snapshotOf(
  outcomes: AnyOutcomes,
  interned: readonly Json[],
  identity: (state: Json) => Json,
): AnyOutcomes {
  let effects: AnyOutcomes[number]["effects"] | null = null; // often all outcomes have the same
  let copied: AnyOutcomes[number]["effects"] = [];
  return outcomes.map((outcome, index) => {
    if (outcome.effects !== effects) {
      effects = outcome.effects;
      copied = effects.length === 0 ? [] : asText(effects);
    }
    const [state, same] = [identity(outcome.state), identity(interned[index]!)];
    return {
      ...outcome,
      state: sameJson(state, same) ? same : asText(state),
      effects: copied,
      events: outcome.events.length === 0 ? [] : asText(outcome.events),
    };
  });
}

/**
 * Evaluates a step once more, when others came between. Once is enough: it has returned the same twice in a row before.
 *
 * @throws {UserError} `protocol-nondeterministic` if it returns something else now than `before`, a snapshot.
 */
export function evaluateAgain(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: Input<Json>,
  before: AnyOutcomes,
  identity: (state: Json) => Json,
): void {
  const when = () => whenOf(state, input);
  const outcomes = guarded(spec, when, () => spec.behaviour.step(context, state, input));
  refuseMalformed(spec, when, outcomes);
  const now = outcomes.map((outcome) => ({ ...outcome, state: identity(outcome.state) }));
  if (sameJson(now, before) || sameJson(asText(now), asText(before))) return;
  const why =
    "the same step has another outcome after other steps, so something is remembered outside the state";
  throw nondeterministic(spec, why, when());
}

/** As a file would have it: a field that is undefined is none. */
function asText<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function evaluate(spec: NodeSpec<Json>, when: () => string, call: () => AnyOutcomes): AnyOutcomes {
  const [first, second] = guarded(spec, when, () => [call(), call()] as const);
  refuseMalformed(spec, when, first); // and the second, if it is the same
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

/** Calls a user's function, or one several times: whatever it throws becomes an error that names the node and the input. */
function guarded<T>(spec: NodeSpec<Json>, when: () => string, call: () => T): T {
  look(); // nothing is half done before a step, and many steps may be slow
  const before = calls(() => `${spec.id}, ${when()},`);
  try {
    return purely(call);
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
}

function refuseMalformed(spec: NodeSpec<Json>, when: () => string, outcomes: AnyOutcomes): void {
  const problem = outcomesProblem(outcomes);
  if (problem) throw new UserError("protocol-malformed", `${spec.id} ${problem}, ${when()}.`);
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
  if (Array.isArray(a)) return Array.isArray(b) && areSame(a, b);
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) =>
    sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!sameJson(a[index], b[index])) return false;
  return true;
}

/** At most so much of a text as people read in an error. */
export function clip(text: string): string {
  return text.length > 1200 ? `${text.slice(0, 1200)}...` : text;
}
