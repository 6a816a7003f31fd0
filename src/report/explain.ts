// The text of `check --explain`: where the states come from.

import type { Explanation } from "../explore/explain.js";
import { visibleText } from "../model/visible-text.js";
import type { Paint } from "../render/paint.js";
import { grouped } from "./numbers.js";
import { type Column, tableText } from "./table.js";

/** How many of a node's fields are shown. */
const fieldsShown = 3;

const columns: readonly Column[] = [
  { head: "node" },
  { head: "components", isRight: true },
  { head: "local states", isRight: true },
  { head: "sets of messages sent", isRight: true, wraps: true },
  { head: "what multiplies its local states", wraps: true },
];

/** The explanation of one run, as lines. */
export function explanationLines(name: string, explanation: Explanation, paint: Paint): string[] {
  const nodes = explanation.nodes.map(({ node, components, localStates, outboxes, fields }) => [
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
    tableText(
      columns,
      nodes.map((cells) => cells.map(visibleText)),
      paint,
    ),
    `Different messages sent: ${visibleText(messages.join(", ")) || "none"}.`,
    `Different observations (what the properties remember): ${grouped(explanation.observations)}.`,
    ...explanation.advice.map((line) => `- ${visibleText(line)}`),
  ];
}
