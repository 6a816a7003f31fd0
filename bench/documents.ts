// Generated parts of documents: the text between the markers `<!-- NAME -->` and `<!-- end of NAME -->`.

import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/**
 * The text between the markers of a name, without blank lines around it.
 *
 * @throws {Error} if the document lacks one of the markers.
 */
export function partOf(text: string, name: string): string {
  const [from, to] = boundsOf(text, name);
  return text.slice(from, to).trim();
}

/** The document with this text between the markers of a name. */
export function withPart(text: string, name: string, part: string): string {
  const [from, to] = boundsOf(text, name);
  return `${text.slice(0, from)}\n\n${part}\n\n${text.slice(to)}`;
}

/** Rewrites the part of a name in a file, named from the project's root: `writePart("docs/rules.md", "rules", (old) => table)`. */
export function writePart(file: string, name: string, make: (old: string) => string): void {
  const url = new URL(file, root);
  const text = readFileSync(url, "utf8");
  writeFileSync(url, withPart(text, name, make(partOf(text, name))));
}

/** The rows of a Markdown table, by the first cell. */
export function rowsOf(part: string): ReadonlyMap<string, string> {
  const rows = part.split("\n").filter((line) => line.startsWith("| "));
  return new Map(rows.map((row) => [row.split(" ")[1]!, row]));
}

function boundsOf(text: string, name: string): [from: number, to: number] {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document needs ${begin} and, after it, ${end}.`);
  return [from + begin.length, to];
}
