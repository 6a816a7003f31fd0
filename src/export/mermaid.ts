// A Mermaid sequence diagram: https://mermaid.js.org/syntax/sequenceDiagram.html. What Byzantine nodes do is drawn with
// dashed lines, a message that is lost ends in a cross.

import { visibleText } from "../model/visible-text.js";
import { type Diagram, diagramOf, type Journey, type Row } from "../render/diagram.js";
import type { Exporter } from "./exporter.js";

export const mermaid: Exporter = {
  name: "mermaid",
  summary: "a sequence diagram as Mermaid text",
  ending: ".mmd",
  write: ({ result }) => mermaidText(diagramOf(result)),
};

/** The diagram as Mermaid text. */
export function mermaidText({ title, subtitle, starts, lanes, rows, loopFrom, end }: Diagram): string {
  const names = new Map(lanes.map(({ node }, index) => [node, `n${index}`]));
  const name = (node: string) => names.get(node)!;
  const everybody = [...new Set([lanes[0]!, lanes.at(-1)!])].map(({ node }) => name(node)).join(",");
  const lines = rows.flatMap((row, index) => {
    const indent = loopFrom !== null && index >= loopFrom ? "  " : "";
    const opening = index === loopFrom ? ["loop again and again"] : [];
    return [...opening, ...rowLines(row, name).map((line) => indent + line)];
  });
  return [
    "sequenceDiagram",
    ...lanes.map(
      ({ node, isByzantine }) =>
        `  participant ${name(node)} as ${escaped(node)}${isByzantine ? " (Byzantine)" : ""}`,
    ),
    `  Note over ${everybody}: ${[title, subtitle, ...starts].map(escaped).join("<br/>")}`,
    ...lines.map((line) => `  ${line}`),
    ...(loopFrom === null ? [] : ["  end"]),
    `  Note over ${everybody}: ${escaped(end)}`,
    "",
  ].join("\n");
}

const arrows: { readonly [journey in Journey]: string } = {
  sent: "->>",
  forged: "-->>",
  relayed: "-->>",
  lost: "-x",
  doubled: "->>",
};

function rowLines({ number, at, message, text, events, changes }: Row, name: (node: string) => string) {
  const said = `${number}. ${escaped(text)}`;
  const first = message
    ? `${name(message.from)}${arrows[message.journey]}${name(at)}: ${said}`
    : `Note over ${name(at)}: ${said}`;
  const noted = [...events, ...changes.filter((change) => !change.startsWith(`${at} sends `))];
  return noted.length === 0 ? [first] : [first, `Note over ${name(at)}: ${noted.map(escaped).join("<br/>")}`];
}

/** Mermaid ends a statement at `;` and at a line's end, begins comments with `%%`, and takes `<` for HTML and `$$` for formulae. */
function escaped(text: string): string {
  return visibleText(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[#;%<>$&"]/g, (character) => `#${character.codePointAt(0)};`);
}
