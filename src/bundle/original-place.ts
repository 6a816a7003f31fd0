// Places in the bundle as places in the compiled files that it was made of, by its source maps: so a stack looks the same, whichever
// of the two runs.

import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapping } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleDirectory } from "./own-code.js";

/** Maps of files of the bundle; null if there is none. */
const maps = new Map<string, SourceMap | null>();

/** A line of a stack, with what lies in the bundle replaced by what it was made of. */
export function withOriginalPlaces(line: string, directory = bundleDirectory): string {
  if (directory === null || !line.includes(directory)) return line;
  return line.replace(
    /((?:file:)?\/[^()\s]*?):(\d+):(\d+)/,
    (place, file: string, row: number, column: number) => {
      const isUrl = file.startsWith("file:");
      const path = isUrl ? fileURLToPath(file) : file;
      const map = path.startsWith(directory) ? mapOf(path) : null;
      const found = (map?.findEntry(row - 1, column - 1) ?? {}) as Partial<SourceMapping>;
      if (found.originalSource === undefined) return place;
      const original = join(directory, found.originalSource);
      return `${isUrl ? pathToFileURL(original).href : original}:${found.originalLine! + 1}:${found.originalColumn! + 1}`;
    },
  );
}

function mapOf(path: string): SourceMap | null {
  const map = maps.get(path) ?? readMap(path);
  maps.set(path, map);
  return map;
}

function readMap(path: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
  } catch {
    return null; // then the place in the bundle has to do
  }
}
