// The CSV file of a sweep (`--csv`). It grows with the sweep: at any time it has the first k rows, so a
// killed process loses no finished run.

import { appendTo, writeAtomically } from "../files/atomic.js";
import { orSayLaterNow } from "./unwritten.js";

export class CsvFile {
  /** Null: no file is wanted, or a row could not be written. Then no more rows are written, since nobody would notice the gap. */
  #file: string | null;

  constructor(file: string | null, head: string) {
    this.#file = file;
    this.#write((name) => writeAtomically(name, head));
  }

  add(row: () => string): void {
    this.#write((name) => appendTo(name, row()));
  }

  #write(write: (file: string) => void): void {
    const file = this.#file;
    if (file !== null && !orSayLaterNow(() => write(file))) this.#file = null;
  }
}
