// Prose at the edge of a terminal: lines are broken between words, and what follows is indented. A command that is there to be copied
// stays in one piece.

import { stripVTControlCharacters } from "node:util";

/** Below this no column is left beside the hanging indent. */
const leastColumn = 24;

/**
 * Breaks every line of a text that is wider than `width`. What follows is indented by `hanging` (default: two more than the line's own
 * indent). Tables are as narrow as they can be already, and left alone.
 *
 * ```ts
 * flowed("  a note of some length", 14) // => "  a note of\n    some\n    length"
 * ```
 */
export function flowed(text: string, width: number, hanging?: number): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  return text
    .split("\n")
    .flatMap((line) => (isWide(line, width) ? broken(line, width, hanging) : [line]))
    .join("\n");
}

function isWide(line: string, width: number): boolean {
  return visibleLength(line) > width && !/[│┌├└]/.test(line);
}

function broken(line: string, width: number, hanging: number | undefined): string[] {
  const indent = /^ */.exec(line)![0].length;
  const asked = hanging ?? indent + 2;
  const deep = width - asked < leastColumn ? indent + 2 : asked;
  const lines: string[] = [];
  let last = " ".repeat(indent);
  let isEmpty = true;
  for (const word of wordsOf(line.slice(indent))) {
    if (isEmpty || visibleLength(last) + 1 + visibleLength(word) <= width) {
      last += isEmpty ? word : ` ${word}`;
    } else {
      lines.push(last);
      last = `${" ".repeat(deep)}${word.trimStart()}`;
    }
    isEmpty = false;
  }
  return [...lines, last];
}

/** Of a command in the text, all words are one. Spaces that stand together, as between columns, stay with the word after them. */
function wordsOf(text: string): string[] {
  const [, prose, command] = /^(.*?)(turncoat (?:check|fuzz|replay|minimize|simulate) \S.*)?$/.exec(text)!;
  return [...prose!.trimEnd().split(/ (?=\S)/), ...(command === undefined ? [] : [command])].filter(
    (word) => word !== "",
  );
}

/** How many columns a text takes; colours take none. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
