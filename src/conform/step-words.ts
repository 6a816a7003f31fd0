// Recorded steps in words: what a node is said to have done, and what is wrong with it.

import { eventProblem } from "../model/event-problem.js";
import { visibleText } from "../model/visible-text.js";
import type { Effect, Event, Json, NodeId } from "../protocol/index.js";
import type { RecordedStep, StepProblem } from "../records/index.js";
import type { Describer } from "../render/describe.js";
import { eventText } from "../render/step-words.js";

/** What the node is said to have met. */
export function inputWords({ node, input }: RecordedStep, describe: Describer): string {
  switch (input.kind) {
    case "start":
      return `${node} begins`;
    case "restart":
      return `${node} begins again after a crash`;
    case "timer":
      return `${node}'s timer ${input.timer} expires`;
    case "request":
      return `${node} is given the request ${describe.message(input.request)}`;
    case "message": {
      const { from, via, message, again } = input;
      const sent = via === undefined ? from : `${from}, sent by ${via},`;
      return `${node} ${again ? "looks again at" : "receives"} from ${sent}: ${describe.message(message)}`;
    }
  }
}

/** Why the behaviour cannot have made a step. */
export function problemWords(problem: StepProblem, node: NodeId, describe: Describer): string {
  if (typeof problem === "string") return problem;
  const [model, record] =
    problem.of === "event"
      ? [eventWords(node, problem.model, describe), eventWords(node, problem.record, describe)]
      : [effectWords(node, problem.model, describe), effectWords(node, problem.record, describe)];
  return `the model: ${model}; the record: ${record}`;
}

function eventWords(node: NodeId, event: Event | null, describe: Describer): string {
  if (event === null) return `${node} shows nothing (more)`;
  const problem = eventProblem(event); // a record may say anything
  return problem === null ? eventText(node, event, describe) : `${node} shows ${visibleText(problem)}`;
}

function effectWords(node: NodeId, effect: Effect<Json> | null, describe: Describer): string {
  switch (effect?.kind) {
    case undefined:
      return `${node} does nothing (more)`;
    case "send":
      return `${node} sends to ${effect.to}: ${describe.message(effect.message)}`;
    case "broadcast":
      return `${node} sends to all replicas: ${describe.message(effect.message)}`;
    case "set-timer":
      return `${node} sets the timer ${effect.timer}${effect.delay === undefined ? "" : ` to ${effect.delay}`}`;
    case "cancel-timer":
      return `${node} cancels the timer ${effect.timer}`;
    default:
      return `${node} defers the message`;
  }
}
