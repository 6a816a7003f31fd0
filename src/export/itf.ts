// The Informal Trace Format: a JSON file of states that the viewers and the model-based testing tools around TLA+ and Quint
// read. Its definition: https://apalache-mc.org/docs/adr/015adr-trace.html. A state here is where every correct node
// stands, and which action has led there.

import { type Action, messageOf } from "../model/action.js";
import { visibleText } from "../model/visible-text.js";
import type { Json } from "../protocol/index.js";
import { describer } from "../render/describe.js";
import { prettyJson } from "../trace/pretty.js";
import type { NodeSummary, StepChange } from "../trace/step-change.js";
import { version } from "../version.js";
import type { Exporter, ReplayedTrace } from "./exporter.js";
import { type ItfValue, itfValue } from "./itf-value.js";

export const itf: Exporter = {
  name: "itf",
  summary: "Informal Trace Format (JSON), as Apalache and Quint write it",
  ending: ".itf.json",
  // Whatever is escaped stands in a string, and is the same there.
  write: (replayed) => `${visibleText(prettyJson(itfTrace(replayed) as unknown as Json))}\n`,
};

/** A trace of ITF. */
export interface ItfTrace {
  readonly "#meta": { readonly [field: string]: ItfValue };
  readonly vars: readonly string[];
  readonly states: readonly { readonly [variable: string]: ItfValue }[];
  /** The index of the state with which what goes on for ever begins; it ends with the last state. */
  readonly loop?: number;
}

/**
 * The trace: the start, and the state after each action. `loop` is the state after the first action of the loop, not the
 * one before it: the variables include the action that was taken, and that one comes from elsewhere the first time.
 */
export function itfTrace({ trace, result, file }: ReplayedTrace): ItfTrace {
  const { setting, starts, steps } = result;
  const describe = describer(setting.protocol, setting.config);
  let nodes = new Map(starts.map((summary) => [summary.node, summary]));
  const states = [
    stateOf(0, "start", { tag: "start", value: { "#map": Object.entries(result.start) } }, nodes, null),
  ];
  for (const [index, step] of steps.entries()) {
    nodes = new Map(nodes).set(step.node, step.now);
    states.push(stateOf(index + 1, describe.action(step.action), actionValue(step.action), nodes, step));
  }
  const loop = result.outcome === "reproduced" ? (result.loop ?? 0) : 0;
  return {
    "#meta": {
      format: "ITF",
      "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
      source: file,
      description: `Turncoat ${version}: ${trace.setting.protocol} violates ${trace.violates.property}: ${trace.violates.explanation}`,
      setting: itfValue(trace.setting as unknown as Json),
      outcome: result.outcome,
    },
    vars: ["action", "nodes", "sent", "events"],
    states,
    ...(loop === 0 ? {} : { loop: steps.length - loop + 1 }),
  };
}

function stateOf(
  index: number,
  description: string,
  action: ItfValue,
  nodes: ReadonlyMap<string, NodeSummary>,
  step: StepChange | null,
) {
  return {
    "#meta": { index, description },
    action,
    nodes: { "#map": [...nodes].map(([node, summary]) => [node, nodeValue(summary)]) },
    sent: (step?.sent ?? []).map(({ to, message }) => ({ to, message: itfValue(message) })),
    events: (step?.events ?? []).map(({ kind, ...rest }) => ({
      tag: kind,
      value: itfValue(rest as unknown as Json),
    })),
  };
}

function nodeValue({ role, view, timers, down, state }: NodeSummary): ItfValue {
  return {
    role,
    view: itfValue(view),
    timers: { "#set": timers },
    down,
    state: itfValue(state),
  };
}

function actionValue(action: Action): ItfValue {
  const { kind, message: _, ...rest } = action as Action & { readonly message?: Json };
  const message = messageOf(action);
  return {
    tag: kind,
    value: {
      ...(itfValue(rest as unknown as Json) as { readonly [field: string]: ItfValue }),
      ...(message === undefined ? {} : { message: itfValue(message) }),
    },
  };
}
