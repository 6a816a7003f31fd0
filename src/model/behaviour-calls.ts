// Calls the small functions of a behaviour as carefully as `step`: their results are checked before anything
// is built on them.

import type { Behaviour, Context, Input, Json, NodeSpec } from "../protocol/index.js";
import { calling, UserError } from "./errors.js";
import { nestingProblem, textOf } from "./json-problem.js";
import { deepFreeze, isInterned, isPlainJson } from "./plain-json.js";

/**
 * The view of a local state; 0 if the behaviour has no views.
 *
 * @throws {UserError} if it is no whole number from 0 on.
 */
export function viewOf({ id, behaviour }: NodeSpec<Json>, state: Json): number {
  const view: unknown = calling("protocol-threw", `view() of ${id}`, () => behaviour.view?.(state) ?? 0);
  if (Number.isSafeInteger(view) && (view as number) >= 0) return view as number;
  throw malformed(`view() of ${id} must give a whole number, 0 or more; it gave ${textOf(view)}`, state);
}

/** What survives a crash. @throws {UserError} if it is not plain JSON. */
export function stableOf({ id, behaviour }: NodeSpec<Json>, state: Json): Json {
  const stable = calling(
    "protocol-threw",
    `stable() of ${id}`,
    () => (behaviour as Behaviour<Json, Json>).stable(state) as Json,
  );
  const nested = nestingProblem(stable, isInterned);
  if (nested !== null) throw malformed(`stable() of ${id} gave a value that ${nested}`, state);
  if (!isPlainJson(stable))
    throw malformed(`stable() of ${id} must give plain JSON; it gave ${textOf(stable)}`, state);
  return deepFreeze(stable);
}

/**
 * Whether a message is dead in a local state; false if the behaviour does not say.
 *
 * @throws {UserError} if it is no boolean.
 */
export function isDeadIn(
  { id, behaviour }: NodeSpec<Json>,
  context: Context,
  state: Json,
  input: Extract<Input<Json>, { kind: "message" }>,
): boolean {
  const dead: unknown = calling(
    "protocol-threw",
    `isDead() of ${id}`,
    () => behaviour.isDead?.(context, state, input) ?? false,
  );
  if (typeof dead === "boolean") return dead;
  throw malformed(`isDead() of ${id} must give true or false; it gave ${textOf(dead)}`, state);
}

function malformed(what: string, state: Json): UserError {
  const text = textOf(state);
  return new UserError(
    "protocol-malformed",
    `${what}, in state ${text.length > 1200 ? `${text.slice(0, 1200)}...` : text}.`,
  );
}
