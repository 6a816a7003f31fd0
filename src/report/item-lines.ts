// Names with a line about each: what `turncoat list` prints, and the end of the help for a module.

import type { Item } from "../catalogue/listing.js";
import { visibleText } from "../model/visible-text.js";
import { flowed } from "./flow.js";

/** A heading and a line for each item, none longer than `width`; nothing if there are no items. */
export function itemLines(heading: string, items: readonly Item[], width: number): string[] {
  if (items.length === 0) return [];
  const names = Math.max(...items.map(({ name }) => name.length));
  const lineOf = ({ name, summary }: Item) => visibleText(`  ${name.padEnd(names)}  ${summary}`.trimEnd());
  return [heading, ...items.map((item) => flowed(lineOf(item), width, names + 4))];
}
