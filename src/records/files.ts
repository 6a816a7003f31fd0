// The files of a record: `record.ndjson` is the one that is written; when it has grown it becomes `record-000001.ndjson`, and so on, and
// another one begins. In the order of their names they are the record.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The file of a record that is written. */
export const recordName = "record.ndjson";

/** The name of the n-th file that is finished, from 1. */
export function finishedName(number: number): string {
  return `record-${String(number).padStart(6, "0")}.ndjson`;
}

/** All files of the record in a directory, the oldest first; none if it has none. */
export function recordFilesIn(directory: string): readonly string[] {
  return namesIn(directory)
    .filter((name) => name === recordName || /^record-\d{6}\.ndjson$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** How many requests a client has made, as the record in its directory says. */
export function invokedIn(directory: string): number {
  let invoked = 0;
  for (const file of recordFilesIn(directory))
    invoked += readFileSync(file, "latin1").split('{"kind":"invoked"').length - 1;
  return invoked;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // there is none yet
  }
}
