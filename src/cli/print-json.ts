// The document of `--json`. JSON escapes only some of what steers a terminal, and the rest may be escaped as well: it is the same document then.

import { visibleText } from "../model/visible-text.js";

/** The text of one JSON document. */
export function jsonText(document: unknown): string {
  return visibleText(JSON.stringify(document, null, 2));
}

/** Prints one JSON document on standard output. */
export function printJson(document: unknown): void {
  console.log(jsonText(document));
}
