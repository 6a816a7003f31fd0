// `npm test` runs every test file once, in one of the rooms.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { root } from "./cli/support.js";
import { entriesOf, rooms, searches, testFiles, waiting } from "./support/rooms.js";

const written = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ".js"))
  .sort();

test("every test file is in one room", (t) => {
  const entered = [...entriesOf(written).values()].flat();
  t.deepEqual(entered.toSorted(), written);
  t.deepEqual(testFiles(), written, "what was compiled is what there is: rm -rf build");
});

test("files that wait for processes, and large searches, have rooms of their own; what has no room is among the others", (t) => {
  const entries = entriesOf([
    "a.js",
    "run/a.js",
    "run/b.js",
    "cli/run.test.js",
    "model/a.js",
    "trace/a.js",
    "protocols/pbft/a.js",
    "explore/dominance.test.js",
  ]);
  t.deepEqual(Object.fromEntries(entries), {
    "rooms/searches.js": ["explore/dominance.test.js"],
    "rooms/protocols.js": ["model/a.js", "protocols/pbft/a.js"],
    "rooms/others.js": ["a.js", "trace/a.js"],
    "rooms/waiting.js": ["run/a.js", "run/b.js", "cli/run.test.js"],
  });
});

test("what has a room exists", (t) => {
  for (const name of [...waiting, ...searches, ...Object.values(rooms).flat()])
    t.true(
      written.some((file) => file === name || file.startsWith(`${name}/`)),
      name,
    );
});
