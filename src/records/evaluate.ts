// Evaluates a recorded input: what a node's behaviour may do. Whoever runs a node and whoever holds its record against the model ask here.

import { calling, UserError } from "../model/errors.js";
import { evaluateInit } from "../model/evaluate.js";
import { outcomesProblem } from "../model/outcome-problem.js";
import type { Behaviour, Context, Input, Json, NodeSpec, Step } from "../protocol/index.js";
import type { RecordedInput } from "./schema.js";

/** All outcomes of an input in a state, which a start does not have. @throws {UserError} that names the node if its behaviour is at fault. */
export function outcomesOf(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: RecordedInput,
): readonly Step<Json, Json>[] {
  if (input.kind === "start") return evaluateInit(spec, context, input);
  if (input.kind === "restart") return evaluateInit(spec, context, { kind: "restart", stable: input.stable });
  const { id } = spec;
  const behaviour = spec.behaviour as Behaviour<Json, Json>;
  const outcomes = calling("protocol-threw", `step() of ${id}`, () =>
    behaviour.step(context, state, withoutRoute(input)),
  );
  const problem = outcomesProblem(outcomes);
  if (problem !== null) throw new UserError("protocol-malformed", `${id} ${problem}.`);
  return outcomes;
}

/** The input without what only records know. */
function withoutRoute(input: Exclude<RecordedInput, { readonly kind: "start" | "restart" }>): Input<Json> {
  return input.kind === "message" ? { kind: "message", from: input.from, message: input.message } : input;
}
