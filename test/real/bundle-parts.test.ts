// The identity of a class is that of its bundle: what is in it counts, and nothing else does.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { changesBetween, partsOf } from "../../src/identity/identity.js";
import type { Parts } from "../../src/identity/parts.js";

const files = {
  "app/replica.real.ts":
    'import { real } from "turncoat/real";\nimport { Replica } from "./replica.js";\n' +
    "export default real(() => ({ roots: { replica: new Replica() } }));\n",
  "app/replica.ts":
    'import left from "left";\nimport { EventEmitter } from "node:events";\nimport type { T } from "./types.js";\n' +
    "export class Replica extends EventEmitter { x: T = left(1); }\n",
  "app/types.ts": "export type T = number;\n",
  "app/unrelated.ts": "export {};\n",
  "node_modules/left/package.json": '{ "name": "left", "version": "1.0.0" }',
  "node_modules/left/index.js": "module.exports = (x) => x + require('below');\n",
  "node_modules/below/package.json": '{ "name": "below", "version": "1.0.0" }',
  "node_modules/below/index.js": "module.exports = 2;\n",
};

/** The parts of the class in a fresh project with these changes; null takes a file away. */
async function partsWith(
  t: ExecutionContext,
  changes: { readonly [name: string]: string | null },
): Promise<Parts> {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-bundle-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries({ ...files, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return partsOf(join(directory, "app", "replica.real.ts"));
}

test("a class is made of its files and packages; what is not in the bundle is no part of it", async (t) => {
  const parts = await partsWith(t, {});
  t.deepEqual(Object.keys(parts).sort(), ["./replica.real.ts", "./replica.ts", "below", "left", "turncoat"]);
  const same = {
    "app/replica.ts": `// A comment.\n${files["app/replica.ts"]}\nexport function unused() {}\n`,
    "app/types.ts": "/** Of numbers. */\nexport type T = number;\n",
    "app/unrelated.ts": "export const x = 1;\n",
    "node_modules/left/index.js": `// Another one.\n${files["node_modules/left/index.js"]}`,
    "node_modules/below/package.json": null,
    "node_modules/below/index.js": null,
    "node_modules/left/node_modules/below/package.json": files["node_modules/below/package.json"],
    "node_modules/left/node_modules/below/index.js": files["node_modules/below/index.js"],
  };
  t.deepEqual(changesBetween(parts, await partsWith(t, same)), []);
});

for (const [what, change, told] of [
  [
    "the class",
    { "app/replica.ts": files["app/replica.ts"].replace("left(1)", "left(2)") },
    /^\.\/replica\.ts has changed$/,
  ],
  [
    "a package below, by hand",
    { "node_modules/below/index.js": "module.exports = 3;\n" },
    /^the package below was \w{16} and is \w{16}$/,
  ],
] as const)
  test(`${what} has changed, and only that is said`, async (t) => {
    const changes = changesBetween(await partsWith(t, {}), await partsWith(t, change));
    t.is(changes.length, 1);
    t.regex(changes[0]!, told);
  });
