// Places in generated code as places in what it was made of, by source maps: those of the bundle in the compiled files, so that a stack
// looks the same whichever of the two runs; and those of modules that were compiled on the fly in their sources.

import { readFileSync } from "node:fs";
import { findSourceMap, SourceMap, type SourceMapping } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleDirectory } from "./own-code.js";

/** Says what a file was compiled to on the fly, with its map in the last line; null if it was not. */
type Compiled = (file: string) => string | null;

let compiled: Compiled = () => null;

/** Whoever compiles modules on the fly says how. */
export function compiledOnTheFly(how: Compiled): void {
  compiled = how;
}

/** Maps of files of the bundle and of modules; null if there is none. */
const maps = new Map<string, SourceMap | null>();

/** A line of a stack, with what lies in generated code replaced by what that was made of. */
export function withOriginalPlaces(line: string, directory = bundleDirectory): string {
  if (/\.[cm]?tsx?:\d+:\d+/.test(line)) return inSource(line);
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

/**
 * The same for a module that was compiled on the fly: the file is its own. Where somebody else has compiled it (tsx, say) and Node has the
 * map, the line is one of the source already.
 */
function inSource(line: string): string {
  return line.replace(
    /((?:file:\/\/)?)(\/[^()\s]*?\.[cm]?tsx?):(\d+):(\d+)/,
    (place, scheme: string, file: string, row: number, column: number) => {
      if (findSourceMap(file)) return place;
      if (!maps.has(file)) maps.set(file, inlineMap(compiled(file)));
      const { originalLine, originalColumn } = (maps.get(file)?.findEntry(row - 1, column - 1) ??
        {}) as Partial<SourceMapping>;
      if (originalLine === undefined) return place;
      return `${scheme}${file}:${originalLine + 1}:${originalColumn! + 1}`;
    },
  );
}

function inlineMap(code: string | null): SourceMap | null {
  const [, base64] =
    /\n\/\/# sourceMappingURL=data:application\/json;[^,]*base64,(\S+)\s*$/.exec(code ?? "") ?? [];
  if (base64 === undefined) return null;
  return new SourceMap(JSON.parse(Buffer.from(base64, "base64").toString("utf8")));
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
