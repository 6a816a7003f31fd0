// The contents of a JSON file that an option names.

import { readFileSync } from "node:fs";
import { UserError } from "../model/errors.js";

/** @throws {UserError} `bad-file` */
export function jsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(
      "bad-file",
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
}
