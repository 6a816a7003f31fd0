// Writes one entry for each folder of tests, which imports the test files in it, and prints the names of all entries: loading Effect, the catalogue and the searches costs a
// thread about one CPU second, and in a room it is paid once. `npm test` runs the rooms; `npx ava test/.../one.test.ts` still runs one file.
// AVA runs the tests of an entry as those of one file: titles must differ within a folder, and no test file may await at its top level.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The compiled tests. */
const tests = fileURLToPath(new URL("../", import.meta.url));

/**
 * Entries of their own: folders whose files start processes or nodes and wait for them, since as one file they would start all of them at
 * once; and files that start a cluster, change their environment, await at their top level, or measure their process.
 */
export const apart: ReadonlySet<string> = new Set([
  ...["campaign", "files", "real", "run"],
  ...["cli/run.test.js", "cli/width.test.js"],
  "explore/local-limits.test.js",
  "model/timed/timed-run.test.js",
]);

/** Folders of one or two files go together into one room of this name, and the files that are in no folder. */
const small = "small";
const fewFiles = 2;

/** The entries and their files, both relative to the compiled tests; a file that is apart is its own entry. */
export function entriesOf(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(folderOf(file), (sizes.get(folderOf(file)) ?? 0) + 1);
  const entries = new Map<string, string[]>();
  for (const file of files) {
    const folder = folderOf(file);
    const isApart = apart.has(folder) || apart.has(file);
    const isSmall = folder === "" || sizes.get(folder)! <= fewFiles;
    const entry = isApart ? file : `rooms/${isSmall ? small : folder}.js`;
    entries.set(entry, [...(entries.get(entry) ?? []), file]);
  }
  return entries;
}

/** The first folder of a path; "" for a file at the top. */
function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.indexOf("/")));
}

/** The test files of the short part, sorted. */
export function testFiles(): string[] {
  return readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js") && !file.startsWith("rooms/"))
    .sort();
}

function writeRooms(): void {
  rmSync(join(tests, "rooms"), { recursive: true, force: true });
  mkdirSync(join(tests, "rooms"));
  for (const [entry, files] of entriesOf(testFiles())) {
    if (entry.startsWith("rooms/"))
      writeFileSync(join(tests, entry), files.map((file) => `import "../${file}";\n`).join(""));
    console.log(join("build/test", entry));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeRooms();
