// The lines of an expected error: the message, the place in the user's files, and how to reproduce it. Every command loads this file, so it
// loads little.

import { type Action, isPartition } from "../model/action.js";
import type { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";

/** Lines for standard error. */
export function errorLines(error: UserError): string[] {
  const { message, frames, run, traceFile, origin } = error;
  const actions = run?.actions.length ?? 0;
  const led =
    actions === 0
      ? "It happens at once"
      : `The run that leads there has ${actions} action${actions === 1 ? "" : "s"}`;
  return [
    `turncoat: ${message}`,
    ...frames.map((frame) => `    ${visibleText(frame)}`),
    ...(traceFile === null
      ? []
      : [`  ${led}: turncoat replay ${traceFile}`, ...lastActions(run?.actions ?? [])]),
    ...(origin === null ? [] : [`  Found by: ${visibleText(origin)}.`]),
  ];
}

/** How many actions are shown; `turncoat replay` shows all. */
const maxActions = 6;
const maxMessage = 100;

/** The last actions of the run that leads to an error, numbered as in its trace. */
function lastActions(actions: readonly Action[]): string[] {
  const skipped = Math.max(0, actions.length - maxActions);
  const width = String(actions.length).length;
  return actions
    .slice(skipped)
    .map(
      (action, at) => `    ${String(skipped + at + 1).padStart(width)}  ${visibleText(actionText(action))}`,
    );
}

function actionText(action: Action): string {
  if (action.kind === "timer") return `timer ${action.timer} of ${action.node}`;
  if (isPartition(action)) return `${action.kind} of the network`;
  if ("node" in action) return `${action.kind} ${action.node}`;
  const message = JSON.stringify(action.message);
  const shown = message.length > maxMessage ? `${message.slice(0, maxMessage)}...` : message;
  return `${action.kind} ${action.from} -> ${action.to} ${shown}`;
}
