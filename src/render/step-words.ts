// Describes the effect of a step in words, alike for terminal, page and diagram.

import { match } from "ts-pattern";
import type { StartChoice } from "../model/action.js";
import { visibleText } from "../model/visible-text.js";
import type { Event, Json } from "../protocol/index.js";
import type { StepChange } from "../trace/step-change.js";
import type { Describer } from "./describe.js";

/** How the nodes began that had a choice, such as which request a replica has got first. */
export function startTexts(start: StartChoice): string[] {
  return Object.entries(start).map(([node, choice]) => visibleText(`${node} starts with ${choice}`));
}

/** What a step changed, other than by events. */
export function changeTexts(
  { node, viewBefore, viewAfter, sent, lost = [], timersSet, timersCancelled }: StepChange,
  describe: Describer,
): string[] {
  const view = describe.words.views?.one ?? "view";
  return [
    ...(viewBefore === viewAfter ? [] : [`${node} moves from ${view} ${viewBefore} to ${view} ${viewAfter}`]),
    ...sent.map(
      ({ to, message, unreached }) =>
        `${node} sends to ${to}: ${describe.message(message)}${cutOff(unreached)}`,
    ),
    ...lost.map(
      ({ from, to, message }) => `lost on its way from ${from} to ${to}: ${describe.message(message)}`,
    ),
    ...timersSet.map((timer) => `${node} sets timer ${timer}`),
    ...timersCancelled.map((timer) => `${node} cancels timer ${timer}`),
  ];
}

function cutOff(unreached: readonly string[] | undefined): string {
  return unreached === undefined ? "" : `  (lost on its way to ${unreached.join(", ")}: cut off)`;
}

/** An event as a sentence. */
export function eventText(node: string, event: Event, describe: Describer): string {
  return visibleText(plainEventText(node, event, describe));
}

function plainEventText(node: string, event: Event, { words: { slots }, value }: Describer): string {
  return match(event)
    .with(
      { kind: "executed" },
      ({ request, slot, position }) =>
        `${node} executes ${request}${slots === null ? "" : ` at ${slots.one} ${slot}`}, as its request number ${position}`,
    )
    .with({ kind: "invoked" }, ({ request }) => `${node} submits ${request}`)
    .with(
      { kind: "accepted" },
      ({ request, result }) => `${node} accepts ${JSON.stringify(result)} for ${request}`,
    )
    .with({ kind: "custom" }, ({ name, data }) => `${node} reports ${reported(name, data, value)}`)
    .exhaustive();
}

/** `leader: term 1`; a name that the data begin with is not said twice, and no data are not said at all. */
function reported(name: string, data: Json, value: Describer["value"]): string {
  if (data === null) return name;
  const text = data === "" ? '""' : value(data);
  return text.startsWith(`${name}:`) ? text : `${name}: ${text}`;
}
