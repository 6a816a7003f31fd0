// Which lines of a stack are the user's: nothing of Turncoat, of what has called it, or of Node.

import { createRequire } from "node:module";
import { join } from "node:path";
import test from "ava";
import { compiledOnTheFly } from "../../src/bundle/original-place.js";
import { userFrames } from "../../src/model/user-frames.js";
import { directoryWith, root } from "../cli/support.js";

const own = (file: string) => `    at evaluate (file://${join(root, "build/src", file)}:37:26)`;
const source = (file: string) => `    at evaluate (${join(root, "src", file)}:37:26)`;

function framesOf(...lines: readonly string[]): readonly string[] {
  const error = new Error("boom");
  error.stack = ["Error: boom", ...lines].join("\n");
  return userFrames(error);
}

test("what has called Turncoat is not the user's protocol", (t) => {
  const runner = "    at async Command.parseAsync (/p/node_modules/commander/lib/command.js:1122:5)";
  t.deepEqual(framesOf(own("protocol/define.js"), own("model/evaluate.js"), runner), []);
  t.deepEqual(framesOf("    at step (file:///p/mine.ts:3:1)", own("model/evaluate.js"), runner), [
    "at step (/p/mine.ts:3:1)",
  ]);
});

test("Turncoat's sources are left out, too, where source maps are on", (t) => {
  const test = "    at /p/test/mine.test.ts:9:3";
  t.deepEqual(
    framesOf(source("protocol/define.ts"), "    at vote (/p/mine.ts:3:1)", source("model/evaluate.ts"), test),
    ["at vote (/p/mine.ts:3:1)"],
  );
});

test("a recursion is told once, and a stack without Turncoat is the user's", (t) => {
  const again = "    at f (/p/mine.ts:3:18)";
  t.deepEqual(framesOf("    at f (/p/mine.ts:3:27)", again, again, again), [
    "at f (/p/mine.ts:3:27)",
    "at f (/p/mine.ts:3:18)",
  ]);
});

test("a line is traced to its source once: not where Node has done so, with the map of another compiler", async (t) => {
  // Line 1 comes from line 3 of the source, and line 3 from its line 5.
  const map = JSON.stringify({ version: 3, sources: ["mine.cts"], names: [], mappings: "AAEA;;AAEA" });
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  const code = `exports.boom = () => { throw new Error("boom"); };\n${inline}`;
  const directory = await directoryWith(t, { "mine.cts": code });
  const file = join(directory, "mine.cts");
  compiledOnTheFly(() => code);
  process.setSourceMapsEnabled(true);
  t.teardown(() => {
    compiledOnTheFly(() => null);
    process.setSourceMapsEnabled(false);
  });
  const { boom } = createRequire(import.meta.url)(file) as { boom: () => void };
  const error = t.throws(boom);
  t.true(String(error.stack).includes(`${file}:3:`));
  t.true(userFrames(error)[0]!.includes(`${file}:3:`));
  t.deepEqual(framesOf("    at vote (/p/other.ts:1:1)"), ["at vote (/p/other.ts:3:1)"]);
});
