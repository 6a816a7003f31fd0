// `npm test` runs every test file once, in one of the rooms.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "ava";
import { root } from "./cli/support.js";
import { entriesOf, rooms, testFiles, waiting } from "./support/rooms.js";

const written = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ".js"))
  .sort();

test("every test file is in one room", (t) => {
  const entered = [...entriesOf(written).values()].flat();
  t.deepEqual(entered.toSorted(), written);
  t.deepEqual(testFiles(), written, "what was compiled is what there is: rm -rf build");
});

test("files that wait for processes have a room of their own; what has no room is among the others", (t) => {
  const entries = entriesOf([
    "a.js",
    "run/a.js",
    "run/b.js",
    "cli/run.test.js",
    "model/a.js",
    "trace/a.js",
    "protocols/pbft/a.js",
    "explore/dominance.test.js",
    "fuzz/sample.test.js",
    "fuzz/fuzz.test.js",
  ]);
  t.deepEqual(Object.fromEntries(entries), {
    "rooms/searches.js": ["protocols/pbft/a.js", "explore/dominance.test.js", "fuzz/sample.test.js"],
    "rooms/others.js": ["a.js", "model/a.js", "trace/a.js", "fuzz/fuzz.test.js"],
    "rooms/waiting.js": ["run/a.js", "run/b.js", "cli/run.test.js"],
  });
});

test("what has a room exists", (t) => {
  for (const name of [...waiting, ...Object.values(rooms).flat()])
    t.true(
      written.some((file) => file === name || file.startsWith(`${name}/`)),
      name,
    );
});

/** A file that is waited for as it is loaded: it has an `await` at its top level. */
const awaits = (text: string) =>
  /^(?!\s|\/|\*|export (default )?async|async|test|if \(process\.argv)[^\n]*\bawait\b/m.test(text);

test("nothing that a test file imports awaits at its top level: other tests of the room would begin meanwhile", (t) => {
  t.true(awaits("export const setting = await made();"));
  t.false(awaits("export async function made() {\n  await other();\n}"));
  const seen = new Map<string, readonly string[]>();
  const visit = (file: string): void => {
    if (seen.has(file) || !file.endsWith(".ts") || !existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    const imported = [...text.matchAll(/^(?:import|export)[^"'();=]*["'](\.[^"']+)["']/gm)].map(([, path]) =>
      join(dirname(file), path!.replace(/\.js$/, ".ts")),
    );
    seen.set(file, awaits(text) ? [file.slice(root.length)] : []);
    for (const path of imported) visit(path);
  };
  for (const file of written) visit(join(root, "test", file.replace(/\.js$/, ".ts")));
  t.true(seen.size > 700, `${seen.size}`);
  // An example for users; it waits only for what is loaded already.
  t.deepEqual([...seen.values()].flat(), ["examples/schedules.test.ts"]);
});
