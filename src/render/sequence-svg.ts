// Draws a trace as SVG: lifelines and arrows on the left, and beside each arrow its message and its effect in
// words. The words are beside the arrows because a new-view of PBFT takes several lines. The picture is part
// of a page, whose colours it uses.

import type { Diagram, Row } from "./diagram.js";
import { escaped } from "./html.js";

const laneWidth = 74;
const lineHeight = 17;
const rowGap = 9;
const headHeight = 34;
const textColumns = 104;
const characterWidth = 7.3;

/** The rules that a page with such pictures needs. */
export const sequenceStyle = `
svg.sequence { font: 12px ui-monospace, monospace; fill: currentColor; stroke: none; }
svg.sequence .life { stroke: currentColor; stroke-opacity: 0.25; } svg.sequence .arrow { stroke: currentColor; stroke-width: 1.5; fill: none; }
svg.sequence .bad { stroke: #d0455d; fill: #d0455d; } svg.sequence text.bad { stroke: none; } svg.sequence .dashed { stroke-dasharray: 5 3; }
svg.sequence .event { font-weight: bold; } svg.sequence .change { fill-opacity: 0.65; } svg.sequence .loop { fill: none; stroke: #b07a10; }
`;

interface Line {
  readonly kind: "said" | "event" | "change";
  /** In characters. */
  readonly indent: number;
  readonly text: string;
}

/** The picture as an SVG element for a page with {@link sequenceStyle}. */
export function sequenceSvg(diagram: Diagram): string {
  const { lanes, rows, loopFrom } = diagram;
  const places = new Map(lanes.map(({ node }, index) => [node, laneWidth * index + 66]));
  const textAt = laneWidth * lanes.length + 44;
  const width = Math.ceil(textAt + textColumns * characterWidth);
  const texts = rows.map(linesOf);
  const tops: number[] = [];
  let bottom = headHeight;
  for (const lines of texts) {
    tops.push(bottom);
    bottom += lines.length * lineHeight + rowGap;
  }
  const life = lanes.map(({ node }) =>
    line("life", places.get(node)!, headHeight - 6, places.get(node)!, bottom),
  );
  const heads = lanes.map(({ node, isByzantine }) => {
    const note = isByzantine ? `<title>${escaped(node)} is Byzantine</title>` : "";
    return `<text class="${isByzantine ? "event bad" : "event"}" x="${places.get(node)}" y="18" text-anchor="middle">${note}${escaped(node)}</text>`;
  });
  const drawn = rows.map((row, index) => rowSvg(row, texts[index]!, tops[index]!, places, textAt));
  const loop = loopFrom === null ? "" : loopBox(tops[loopFrom]!, bottom, width);
  return [
    `<svg class="sequence" role="img" width="${width}" height="${bottom + 4}" viewBox="0 0 ${width} ${bottom + 4}">`,
    `<title>${escaped(diagram.title)}: ${escaped(diagram.end)}</title>`,
    ...life,
    ...heads,
    ...drawn,
    loop,
    "</svg>",
  ].join("\n");
}

function linesOf({ number, text, events, changes }: Row): Line[] {
  return [
    ...wrapped("said", 0, `${number}  ${text}`),
    ...events.flatMap((event) => wrapped("event", 3, event)),
    ...changes.flatMap((change) => wrapped("change", 3, change)),
  ];
}

/** Breaks a text between words where that is possible; what follows is indented further. */
function wrapped(kind: Line["kind"], indent: number, text: string): Line[] {
  const room = textColumns - indent;
  if (text.length <= room) return [{ kind, indent, text }];
  const space = text.lastIndexOf(" ", room);
  const end = space > room / 2 ? space : room;
  return [{ kind, indent, text: text.slice(0, end) }, ...wrapped(kind, 6, text.slice(end).trimStart())];
}

function rowSvg(
  { at, message }: Row,
  lines: readonly Line[],
  top: number,
  places: ReadonlyMap<string, number>,
  textAt: number,
): string {
  const y = top + 12;
  const place = places.get(at)!;
  const isBad = message !== null && message.journey !== "sent";
  const mark = message
    ? arrow(places.get(message.from)!, place, y, message.journey)
    : `<circle cx="${place}" cy="${y}" r="4"/>`;
  const words = lines.map(({ kind, indent, text }, index) => {
    const style = kind === "said" && isBad ? "said bad" : kind;
    const x = Math.round(textAt + indent * characterWidth);
    return `<text class="${style}" x="${x}" y="${top + lineHeight * index + 15}">${escaped(text)}</text>`;
  });
  return [mark, ...words].join("\n");
}

function arrow(from: number, to: number, y: number, journey: NonNullable<Row["message"]>["journey"]): string {
  const bad = journey === "sent" ? "" : " bad";
  const dashed = journey === "forged" || journey === "relayed" ? " dashed" : "";
  if (from === to) return `<circle class="arrow${bad}" cx="${to}" cy="${y}" r="5"/>`;
  const side = Math.sign(to - from);
  const end = journey === "lost" ? (from + to) / 2 : to;
  const tip =
    journey === "lost"
      ? `<path class="arrow${bad}" d="M${end - 5} ${y - 5}l10 10m0 -10l-10 10"/>`
      : `<path class="tip${bad}" d="M${to} ${y}l${-8 * side} -4v8z"/>`;
  return `${line(`arrow${bad}${dashed}`, from, y, end, y)}${tip}`;
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function loopBox(top: number, bottom: number, width: number): string {
  const height = bottom - top;
  return `<rect class="loop" x="2" y="${top - 4}" width="${width - 4}" height="${height}" rx="4"><title>again and again</title></rect>
<text class="event" x="${width - 8}" y="${top + 10}" text-anchor="end">again and again</text>`;
}
