// Writes the rooms that `npm test` runs: files that import the test files of several folders. It prints their names, those that
// take longest first. To load Effect, the catalogue and the searches costs a thread more than a CPU second, and in a room it is paid once.
// `npx ava test/.../one.test.ts` still runs one file.
// AVA runs the tests of a room as those of one file: titles must differ within a room, and no test file may await at its top level.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The compiled tests. */
const tests = fileURLToPath(new URL("../", import.meta.url));

/**
 * Folders and files whose tests start processes or nodes and wait for them: a room in which one test begins when the one before it has ended
 * (one-at-a-time.ts).
 */
export const waiting: ReadonlySet<string> = new Set(["campaign", "run", "cli/run.test.js"]);

/**
 * The other rooms, and their folders and files; `others` has what is in none of them. No coverage is recorded of `searches`: V8 counts every block that
 * is run, which costs a search a tenth of its time again or more, and all but one in a hundred lines are covered without them.
 */
export const rooms: { readonly [room: string]: readonly string[] } = {
  searches: [
    ...["explore", "minimize", "protocols"],
    ...["fuzz/sample.test.js", "simulate/false-alarms.test.js", "simulate/overload.test.js"],
  ],
  cli: ["cli"],
};

function roomOf(file: string): string {
  const isIn = (place: string) => place === file || place === folderOf(file);
  if ([...waiting].some(isIn)) return "waiting";
  return Object.entries(rooms).find(([, places]) => places.some(isIn))?.[0] ?? "others";
}

/** The rooms' files and what they import, both relative to the compiled tests. */
export function entriesOf(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const longestFirst = ["waiting", "searches", "others", "cli"];
  const entries = new Map(longestFirst.map((room): [string, string[]] => [`rooms/${room}.js`, []]));
  for (const file of files) entries.get(`rooms/${roomOf(file)}.js`)!.push(file);
  return new Map([...entries].filter(([, { length }]) => length > 0));
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

/** What comes before the tests of a room. In every room that is bundled-threads.js, too. */
const firstImports: { readonly [entry: string]: readonly string[] } = {
  "rooms/searches.js": ["support/unrecorded.js"],
  "rooms/waiting.js": ["support/one-at-a-time.js"],
};

function writeRooms(): void {
  rmSync(join(tests, "rooms"), { recursive: true, force: true });
  mkdirSync(join(tests, "rooms"));
  for (const [entry, files] of entriesOf(testFiles())) {
    const imports = ["support/bundled-threads.js", ...(firstImports[entry] ?? []), ...files];
    writeFileSync(join(tests, entry), imports.map((file) => `import "../${file}";\n`).join(""));
    console.log(join("build/test", entry));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeRooms();
