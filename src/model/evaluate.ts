// Calls a protocol author's functions, and trusts nothing: an exception, a mutation of the (frozen) input, or two
// evaluations that differ become a UserError that names the node and the input. Every call is made twice; since no
// (state, input) pair is evaluated again, that costs little.

import type { Context, Input, Json, NodeSpec, Outcomes } from "../protocol/index.js";
import { UserError } from "./errors.js";

/** A step of any protocol. */
export type AnyOutcomes = Outcomes<Json, Json>;

/** All outcomes of a node's start. */
export function evaluateInit(spec: NodeSpec<Json>, context: Context): AnyOutcomes {
  return evaluate(spec, "at its start", () => spec.behaviour.init(context, { kind: "start" }));
}

/** All outcomes of one input. */
export function evaluateStep(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: Input<Json>,
): AnyOutcomes {
  const call = () => spec.behaviour.step(context, state, input);
  return evaluate(spec, `on ${JSON.stringify(input)} in state ${JSON.stringify(state)}`, call, state);
}

function evaluate(spec: NodeSpec<Json>, when: string, call: () => AnyOutcomes, state?: Json): AnyOutcomes {
  const first = guarded(spec, when, call);
  const second = guarded(spec, when, call);
  if (!same(first, second, state)) {
    throw new UserError(
      "protocol-nondeterministic",
      `${spec.id} is nondeterministic: two evaluations of the same step differ, ${clip(when)}. A step function must ` +
        "depend on its arguments alone; return several labelled outcomes where there is a choice.",
    );
  }
  return first;
}

function guarded(spec: NodeSpec<Json>, when: string, call: () => AnyOutcomes): AnyOutcomes {
  let outcomes: AnyOutcomes;
  try {
    outcomes = call();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof TypeError && /read only|not extensible|Cannot (delete|define|redefine|add)/.test(text)) {
      throw new UserError(
        "protocol-mutated-input",
        `${spec.id} mutated its input (${text}), ${clip(when)}. States and messages are immutable: return a new object.`,
      );
    }
    throw new UserError("protocol-threw", `${spec.id} threw "${text}", ${clip(when)}.`);
  }
  if (!Array.isArray(outcomes) || outcomes.length === 0) {
    throw new UserError(
      "protocol-malformed",
      `${spec.id} must return a non-empty list of outcomes, ${clip(when)}.`,
    );
  }
  return outcomes;
}

/** The common case, "nothing happens", is told without writing the state out. */
function same(first: AnyOutcomes, second: AnyOutcomes, state: Json | undefined): boolean {
  const [a, b] = [first[0]!, second[0]!];
  if (first.length === 1 && second.length === 1 && a.state === state && b.state === state)
    if (a.effects.length + a.events.length + b.effects.length + b.events.length === 0) return true;
  return JSON.stringify(first) === JSON.stringify(second);
}

function clip(text: string): string {
  return text.length > 1200 ? `${text.slice(0, 1200)}...` : text;
}
