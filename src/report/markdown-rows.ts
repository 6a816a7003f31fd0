// Rows of a printed table that is brought up to date in part: what was measured anew replaces what the document says of it, the rest stays.

/** What a document says that is brought up to date in part: its text, and the names of all rows that there should be, in their order. */
export interface Before {
  readonly document: string;
  readonly order: readonly string[];
}

/** The cells of the lines of a table in Markdown that has so many columns, without its head. */
export function rowsIn(document: string, columns: number): readonly (readonly string[])[] {
  return document
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.endsWith(" |"))
    .map((line) => line.slice(2, -2).split(" | "))
    .filter((cells) => cells.length === columns && !cells.every((cell) => /^-+$/.test(cell)))
    .slice(1);
}

/**
 * The rows of a document, with `fresh` ones in the place of those of the same names (the first cell), and in this order of names. A row whose name
 * is not in it is gone: there is no such thing any more.
 */
export function mergedRows(
  before: readonly (readonly string[])[],
  fresh: readonly (readonly string[])[],
  order: readonly string[],
): readonly (readonly string[])[] {
  const isFresh = (name: string) => fresh.some(([other]) => other === name);
  const kept = before.filter(([name]) => order.includes(name!) && !isFresh(name!));
  const place = ([name]: readonly string[]) => order.indexOf(name!);
  return [...kept, ...fresh].sort((a, b) => place(a) - place(b));
}
