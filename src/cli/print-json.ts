// Prints the document of `--json`. Control characters that could steer a terminal are escaped, also those
// that JSON allows: the document stays the same.

import { visibleText } from "../model/visible-text.js";

/** The text of one JSON document. */
export function jsonText(document: unknown): string {
  return visibleText(JSON.stringify(document, null, 2));
}

/** Prints one JSON document on standard output. */
export function printJson(document: unknown): void {
  console.log(jsonText(document));
}
