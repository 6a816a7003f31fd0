// Writes what was asked for to where it was asked for.

import { writeFileSync } from "node:fs";
import { UserError } from "../model/errors.js";

/** @throws {UserError} `bad-file` if it cannot be written. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      "bad-file",
      `${file} cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  }
}
