// `--csv`: a file of lines that grows while a sweep is made. It has the first k runs of the sweep at any time, so that nothing that
// is finished is lost when the process is killed.

import { appendTo, writeAtomically } from "../files/atomic.js";
import { orSayLaterNow } from "./unwritten.js";

export class CsvFile {
  /** Null: none is wanted, or it could not be written. A file in which a row is missing would not be seen to lack it. */
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
