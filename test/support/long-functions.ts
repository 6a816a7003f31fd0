// Functions by their length: parses the compiled files, and counts in the lines of the sources.

import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { parse } from "acorn";
import { globSync } from "./glob.js";

/** A node of a syntax tree (ESTree). */
interface Syntax {
  readonly type: string;
  readonly loc: { readonly start: Position; readonly end: Position };
  readonly [key: string]: unknown;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The functions of more than `lines` lines below these folders, as `src/cli/fuzz.ts fuzzAll`, with their numbers of lines: from the first line
 * of the declaration to the closing brace, with all functions inside.
 */
export function functionsOver(lines: number, folders: readonly string[]): ReadonlyMap<string, number> {
  const compiled = globSync(folders, ".ts")
    .map((file) => join("build", file.replace(/ts$/, "js")))
    .filter((file) => existsSync(file)); // pages are compiled elsewhere
  return new Map(compiled.flatMap((file) => lengthsIn(file).filter(([, length]) => length > lines)));
}

function lengthsIn(file: string): [name: string, length: number][] {
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  const lineOf = ({ line, column }: Position): number =>
    (map.findEntry(line - 1, column) as { readonly originalLine: number }).originalLine;
  const options = {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    allowHashBang: true,
  } as const;
  const source = file.replace(/^build./, "").replace(/\.js$/, ".ts");
  return functionsIn(parse(readFileSync(file, "utf8"), options) as unknown as Syntax, "?").map(
    ([name, { loc }]) => {
      const last = { line: loc.end.line, column: loc.end.column - 1 };
      return [`${source} ${name}`, lineOf(last) - lineOf(loc.start) + 1];
    },
  );
}

/** The functions in a tree, each with its own name or that of what it is assigned to or passed to. */
function functionsIn(node: Syntax, outer: string): [name: string, node: Syntax][] {
  const name = nameOf(node) ?? outer;
  const below = Object.values(node)
    .flat()
    .filter(isSyntax)
    .flatMap((child) => functionsIn(child, name));
  return /Function/.test(node.type) ? [[name, node], ...below] : below;
}

function nameOf({ id, key }: Syntax): string | undefined {
  return [id, key].filter(isSyntax).find(({ type }) => type.endsWith("Identifier"))?.name as
    | string
    | undefined;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof (value as Syntax | null)?.type === "string";
}
