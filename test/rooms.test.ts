// `npm test` runs every test file once: in the room of its folder, or by itself.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { root } from "./cli/support.js";
import { apart, entriesOf, testFiles } from "./support/rooms.js";

const written = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ".js"))
  .sort();

test("every test file is in one entry", (t) => {
  const entered = [...entriesOf(written).values()].flat();
  t.deepEqual(entered.toSorted(), written);
  t.deepEqual(testFiles(), written, "what was compiled is what there is: rm -rf build");
});

test("folders with processes, and files that await, are entries of their own", (t) => {
  const entries = entriesOf([
    "a.js",
    "run/a.js",
    "run/b.js",
    "model/timed/timed-run.test.js",
    "model/a.js",
    "trace/a.js",
    "trace/b.js",
    "trace/c.js",
  ]);
  t.deepEqual(Object.fromEntries(entries), {
    "rooms/small.js": ["a.js", "model/a.js"],
    "run/a.js": ["run/a.js"],
    "run/b.js": ["run/b.js"],
    "model/timed/timed-run.test.js": ["model/timed/timed-run.test.js"],
    "rooms/trace.js": ["trace/a.js", "trace/b.js", "trace/c.js"],
  });
});

test("what is apart exists", (t) => {
  for (const name of apart)
    t.true(
      written.some((file) => file === name || file.startsWith(`${name}/`)),
      name,
    );
});
