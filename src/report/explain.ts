// `check --explain` for reading: where the states come from.

import Table from "cli-table3";
import type { Explanation } from "../explore/explain.js";
import { grouped } from "./numbers.js";
import type { Paint } from "./paint.js";

/** How many of a node's fields are shown. */
const fieldsShown = 3;

/** The explanation of one run, as lines. */
export function explanationLines(name: string, explanation: Explanation, paint: Paint): string[] {
  const style = { head: [], border: [], compact: true };
  const nodes = new Table({
    head: [
      "node",
      "components",
      "local states",
      "sets of messages sent",
      "what multiplies its local states",
    ].map((head) => paint.dim(head)),
    colAligns: ["left", "right", "right", "right", "left"],
    style,
  });
  for (const { node, components, localStates, outboxes, fields } of explanation.nodes)
    nodes.push([
      node,
      grouped(components),
      grouped(localStates),
      grouped(outboxes),
      fields
        .slice(0, fieldsShown)
        .map(({ field, factor, values }) => `${field} x${factor.toFixed(1)} (${grouped(values)} values)`)
        .join(", "),
    ]);
  const messages = explanation.messages.map(
    ({ type, sent, idle }) =>
      `${type} ${grouped(sent)}${idle > 0 ? ` (${grouped(idle)} without any effect)` : ""}`,
  );
  return [
    paint.bold(`Where the states come from: ${name}`),
    nodes.toString(),
    `Different messages sent: ${messages.join(", ") || "none"}.`,
    `Different observations (what the properties remember): ${grouped(explanation.observations)}.`,
    ...explanation.advice.map((line) => `- ${line}`),
  ];
}
