// A replayed trace as a Mermaid sequence diagram: GitHub and many editors draw it. Only what the trace is about is in it: what reached whom,
// timers, and what was executed; what was sent and never received is not.

import type { Event, Json } from "../protocol/index.js";
import { type Describer, describer } from "./describe.js";
import type { ReplayResult } from "./replay.js";
import type { StepChange } from "./step-change.js";

/** The diagram's text, without the fence. Dashed arrows are what a Byzantine replica says or passes on. */
export function mermaid({ setting, steps }: ReplayResult): string {
  const { protocol, config, byzantine } = setting;
  const describe = describer(protocol, config);
  const lines = steps.flatMap((step) => [
    arrow(step, describe),
    ...step.events.flatMap((event) => note(step, event)),
  ]);
  const nodes = [
    ...new Set(steps.flatMap(({ action, node }) => ["from" in action ? action.from : node, node])),
  ];
  const participants = nodes
    .sort()
    .map((id) => `participant ${id}${byzantine.includes(id) ? ` as ${id} (Byzantine)` : ""}`);
  return ["sequenceDiagram", ...[...participants, ...lines].map((line) => `    ${line}`)].join("\n");
}

function arrow({ action, node }: StepChange, describe: Describer): string {
  if (!("message" in action))
    return `Note over ${node}: ${action.kind === "timer" ? `timer ${action.timer} fires` : action.kind}`;
  const kind = { deliver: "->>", duplicate: "->>", inject: "-->>", relay: "-->>", lose: "-x" }[action.kind];
  return `${action.from}${kind}${node}: ${text(action.message, describe)}`;
}

/** Mermaid takes semicolons for ends of lines, and braces for blocks. */
function text(message: Json, describe: Describer): string {
  return describe.message(message).replaceAll(";", ",").replaceAll(/[{}#]/g, "");
}

function note({ node }: StepChange, event: Event): string[] {
  if (event.kind === "executed")
    return [`Note over ${node}: executes ${event.request} at slot ${event.slot}`];
  return event.kind === "accepted" ? [`Note over ${node}: accepts an answer to ${event.request}`] : [];
}
