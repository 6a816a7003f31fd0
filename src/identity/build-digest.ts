// A digest of Turncoat's own compiled code. The version does not tell two builds apart, and whoever develops a built-in protocol builds
// often. What only prints (the command line, reports) is left out: no result depends on it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle/own-code.js";

/** The compiled code: this file is `src/identity/build-digest.js` in it. */
const build = fileURLToPath(new URL("../../", import.meta.url));

const printing = /^src[/\\](cli|report)[/\\]/;

let digest: string | null = null;

/** 16 hexadecimal digits. Found out once in a process, in some ten milliseconds. */
export function buildDigest(): string {
  digest ??= bundle?.digest ?? digestOf(["src", "properties", "adversaries"].flatMap(scripts));
  return digest;
}

function scripts(directory: string): string[] {
  return readdirSync(join(build, directory), { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((name) => name.endsWith(".js") && !printing.test(name));
}

function digestOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(readFileSync(join(build, file)));
  return hash.digest("hex").slice(0, 16);
}
