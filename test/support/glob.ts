// Files below folders by their ending, relative to the project's root, where tests run. (Node 20 has no `fs.globSync`.)

import { readdirSync } from "node:fs";
import { join } from "node:path";

export function globSync(folders: readonly string[], ending: string): readonly string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith(ending))
    .sort();
}
