// The records that somebody names: files, or directories as `turncoat run` leaves them.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/errors.js";

/** The files. @throws {UserError} for a path that is not there, and for a directory without records. */
export function recordFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new UserError("bad-option", `There is no ${path}.`);
    if (!found.isDirectory()) return [path];
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ndjson"))
      .sort()
      .map((name) => join(path, name));
    if (files.length === 0) throw new UserError("bad-option", `There is no record (*.ndjson) in ${path}.`);
    return files;
  });
}
