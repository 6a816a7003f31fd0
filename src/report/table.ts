// Tables for people: boxed if there is room; on a narrow terminal without borders, wrapped, without the least
// important columns, or with one paragraph for each row. A line below names what was left out.

import Table from "cli-table3";
import type { Paint } from "../render/paint.js";
import { visibleLength } from "./flow.js";

/** A column and how it gives way where the table is too wide. */
export interface Column {
  readonly head: string;
  /** Figures stand to the right; default: left. */
  readonly isRight?: boolean;
  /** Whether its texts may be broken between words; default: no. */
  readonly wraps?: boolean;
  /** Columns with a number are dropped, the lowest first; default: never. */
  readonly drop?: number;
}

/** The columns that say what was run, as `settingCells` fills them; without a heading over views there is none for them. */
export function settingColumns(viewsHead: string | null): readonly Column[] {
  const views = viewsHead === null ? [] : [{ head: viewsHead }];
  const heads = ["protocol", "adversary", "Byzantine"].map((head) => ({ head }));
  return [...heads, ...views, { head: "checked", wraps: true }];
}

type Rows = readonly (readonly string[])[];

/** Between two columns of a table without borders. */
const gap = 2;
/** No column of prose is broken into lines shorter than this. */
const leastWrapped = 12;

/** A table that is no wider than the paint's `width`, unless single words are. */
export function tableText(columns: readonly Column[], rows: Rows, paint: Paint): string {
  const { width } = paint;
  const natural = widthsOf(columns, rows);
  if (sum(natural) + 3 * columns.length + 1 <= width) return boxed(columns, rows, paint);
  const order = columns.filter(({ drop }) => drop !== undefined).sort((a, b) => a.drop! - b.drop!);
  for (let dropped = 0; dropped <= order.length; dropped++) {
    const left = order.slice(0, dropped);
    const kept = columns.flatMap((column, index) => (left.includes(column) ? [] : [index]));
    const widths = fitted(columns, rows, kept, width);
    if (widths === null) continue;
    const note = left.length === 0 ? [] : wrapped(leftOut(left, width), width).map(paint.dim);
    return [borderless(columns, rows, kept, widths, paint), ...note].join("\n");
  }
  return stacked(columns, rows, width, paint);
}

/**
 * Breaks a text between words into lines of at most `width` characters; a word that is longer has a line to
 * itself.
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && visibleLength(last) + 1 + visibleLength(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function boxed(columns: readonly Column[], rows: Rows, paint: Paint): string {
  const table = new Table({
    head: columns.map(({ head }) => paint.dim(head)),
    colAligns: columns.map(({ isRight }) => (isRight ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** The widths of these columns without borders, or null if they do not fit: what can be wrapped gives way. */
function fitted(columns: readonly Column[], rows: Rows, kept: readonly number[], width: number) {
  const natural = widthsOf(columns, rows);
  const least = kept.map((index) =>
    columns[index]!.wraps ? leastOf(columns, rows, index) : natural[index]!,
  );
  const gaps = gap * (kept.length - 1);
  let room = width - gaps - sum(least);
  if (room < 0) return null;
  return kept.map((index, place) => {
    const more = Math.min(room, natural[index]! - least[place]!);
    room -= more;
    return least[place]! + more;
  });
}

function borderless(
  columns: readonly Column[],
  rows: Rows,
  kept: readonly number[],
  widths: readonly number[],
  paint: Paint,
): string {
  const lines = (cells: readonly string[]): string[] => {
    const broken = kept.map((index, place) =>
      columns[index]!.wraps ? wrapped(cells[index]!, widths[place]!) : [cells[index]!],
    );
    return Array.from({ length: Math.max(...broken.map(({ length }) => length)) }, (_, line) =>
      kept
        .map((index, place) => padded(broken[place]![line] ?? "", widths[place]!, columns[index]!.isRight))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  };
  return [lines(columns.map(({ head }) => head)).map(paint.dim), ...rows.map(lines)].flat().join("\n");
}

/** One paragraph for each row, with everything in it. */
function stacked(columns: readonly Column[], rows: Rows, width: number, paint: Paint): string {
  return rows
    .map((row) => {
      const cells = columns.map(({ head }, index) => `${paint.dim(head)} ${row[index]}`);
      const [first, ...others] = wrapped(cells.join(" · "), width - gap);
      const lines = [first!, ...others.map((line) => " ".repeat(gap) + line)];
      return lines.join("\n");
    })
    .join("\n");
}

function leftOut(columns: readonly Column[], width: number): string {
  return `Not shown in ${width} columns: ${columns.map(({ head }) => head).join(", ")}.`;
}

function widthsOf(columns: readonly Column[], rows: Rows): number[] {
  return columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => visibleLength(row[index]!))),
  );
}

/** How narrow a column can be: its longest word. */
function leastOf(columns: readonly Column[], rows: Rows, index: number): number {
  const words = [columns[index]!.head, ...rows.map((row) => row[index]!)].flatMap((text) => text.split(" "));
  return Math.min(widthsOf(columns, rows)[index]!, Math.max(leastWrapped, ...words.map(visibleLength)));
}

function padded(text: string, width: number, isRight = false): string {
  const space = " ".repeat(Math.max(0, width - visibleLength(text)));
  return isRight ? space + text : text + space;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
