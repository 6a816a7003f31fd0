// The parts of a bundle, for the identity of the code that was checked: each file and package, with a digest
// of what the bundle contains of it. Comments, unused code and files that are not imported do not count; a
// package that was changed by hand does.

import { createHash } from "node:crypto";
import type { Bundle } from "./bundle.js";

/** The parts of a bundle without what belongs to Turncoat, by the names that `Parts` of identity/ gives them: each with a digest. */
export function partsOfBundle({ code, inputs }: Bundle): { readonly [name: string]: string } {
  const texts = new Map<string, string>();
  let name: string | null = null;
  for (const line of code.split("\n")) {
    // esbuild says so where a file begins.
    const begins = line.startsWith("  // ") ? line.slice(5) : "";
    if (
      begins !== "" &&
      (inputs.includes(begins) || begins.startsWith("turncoat-node:") || begins === "<stdin>")
    )
      name = partOf(begins);
    else if (name !== null) texts.set(name, `${texts.get(name) ?? ""}${withoutPath(line, inputs)}\n`);
  }
  return Object.fromEntries(
    [...texts].map(([part, text]) => [part, createHash("sha256").update(text).digest("hex").slice(0, 16)]),
  );
}

/** The part that a file belongs to; null if it is ours. */
function partOf(input: string): string | null {
  const packages = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)];
  const name = packages.at(-1)?.[1];
  if (
    input.startsWith("turncoat-node:") ||
    input === "<stdin>" ||
    /\/real\/(inside\/|definition\.)/.test(input)
  )
    return null;
  if (name !== undefined) return input.endsWith("?node") ? null : name;
  return input.startsWith(".") ? input : `./${input}`;
}

/** Where a package lies is no part of what it does. */
function withoutPath(line: string, inputs: readonly string[]): string {
  const path = /^ {4}"(.+)"\(exports/.exec(line)?.[1];
  return path !== undefined && inputs.includes(path) ? line.replace(path, "") : line;
}
