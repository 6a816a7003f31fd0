// Shortens texts of unknown length in error messages: names and values come from files, and one that fills
// the screen hides the message.

/** Longer words (names, paths, JSON without spaces) are cut. */
const maxWord = 300;
const maxLine = 4000;
const maxLines = 60;

/**
 * A message without its endless parts.
 *
 * ```ts
 * brief(`There is no protocol named "${"x".repeat(10_000)}".`).length // => 337
 * ```
 */
export function brief(message: string): string {
  const lines = message.split("\n", maxLines + 1);
  const shown = lines.slice(0, maxLines).map(briefLine);
  return [...shown, ...(lines.length > maxLines ? ["..."] : [])].join("\n");
}

function briefLine(line: string): string {
  const cut = line.replaceAll(/\S{301,}/g, (word) => `${word.slice(0, maxWord)}...`);
  return cut.length > maxLine ? `${cut.slice(0, maxLine)}...` : cut;
}
