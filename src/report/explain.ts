// The text of `check --explain`: where the states come from.

import type { Costs } from "../explore/blow-up/costs.js";
import type { CountingShare } from "../explore/blow-up/counting.js";
import type { Explanation } from "../explore/explain.js";
import type { AlphabetShare } from "../explore/liar.js";
import { visibleText } from "../model/visible-text.js";
import type { Paint } from "../render/paint.js";
import { grouped, seconds } from "./numbers.js";
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
      `${type} ${grouped(sent)}${idle > 0 ? ` (${grouped(idle)} without any effect yet)` : ""}`,
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
    ...countingLines(explanation.counting),
    costLine(explanation.costs),
    ...(explanation.alphabet ? alphabetLines(explanation.alphabet) : []),
    ...explanation.advice.map((line) => `- ${visibleText(line)}`),
  ];
}

/** Votes that could be counted by tallies, and are not. */
function countingLines(counting: readonly CountingShare[]): string[] {
  return counting
    .filter(({ silent, counted }) => counted < silent)
    .map(({ type, silent, counted, otherwise }) =>
      visibleText(
        `Not counted as votes are: ${grouped(silent - counted)} of ${grouped(silent)} quiet steps on \`${type}\`, as one ${otherwise}.`,
      ),
    );
}

function costLine({ seconds: all, evaluations, evaluationMs, stepSeconds, gcSeconds }: Costs): string {
  return (
    `Time: ${seconds(all)}, of it about ${seconds(stepSeconds)} in ${grouped(evaluations)} evaluations of \`step\` (${evaluationMs.toFixed(3)} ms each), ` +
    `${seconds(gcSeconds)} in the garbage collector.`
  );
}

/** How many of a field's values are shown. */
const valuesShown = 12;

function alphabetLines({
  liars,
  fields,
  rehearsed,
  leftOut,
  isCut,
  looked,
  localStates,
  missing,
}: AlphabetShare): string[] {
  const total = (types: Readonly<Record<string, number>>) =>
    Object.values(types).reduce((sum, count) => sum + count, 0);
  const values = fields.map(({ field, values: all }) => {
    const shown = all.slice(0, valuesShown).map((value) => JSON.stringify(value));
    return `${field} ${shown.join(" ")}${all.length > valuesShown ? ` and ${all.length - valuesShown} more` : ""}`;
  });
  return [
    ...liars.map(({ node, types }) =>
      visibleText(
        `What ${node} can say that a correct node would react to: ${grouped(total(types))} messages (${
          Object.entries(types)
            .map(([type, count]) => `${type} ${grouped(count)}`)
            .join(", ") || "none"
        }).`,
      ),
    ),
    visibleText(`Their fields: ${values.join("; ") || "none"}.`),
    `Found in ${grouped(rehearsed)} states of correct nodes in rehearsals${isCut ? ", and not everything was tried: narrow it with `alphabet` in the protocol" : ""}. Left out: ${grouped(leftOut)} that would only be counted, and that no correct node says too.`,
    missing.length > 0
      ? visibleText(
          `Missing: in ${grouped(looked)} of the run's ${grouped(localStates)} local states correct nodes would react to ${grouped(missing.length)} more, as to ${JSON.stringify(missing[0])}.`,
        )
      : `Checked: in ${grouped(looked)} of the run's ${grouped(localStates)} local states no correct node would react to anything else.`,
  ];
}
