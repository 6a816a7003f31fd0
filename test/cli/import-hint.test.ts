// A name that is looked for in the root of the package, and stands in a subpath.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { importHint } from "../../src/cli/import-hint.js";
import { directoryWith, root, turncoat } from "./support.js";

test("where a name stands is told, whoever misses it; of other names and errors nothing", async (t) => {
  const told =
    'CollectionOf is exported by turncoat/vocabulary: import { CollectionOf } from "turncoat/vocabulary".';
  const node = (name: string) => `The requested module 'turncoat' does not provide an export named '${name}'`;
  t.is(await importHint(`./a.js could not be loaded: ${node("CollectionOf")}`), told);
  t.is(await importHint("./a.ts could not be loaded: (0, _turncoat.CollectionOf) is not a function"), told);
  t.regex((await importHint(node("agreement")))!, /^agreement is exported by turncoat\/properties:/);
  t.is(await importHint(node("nobodyHasThat")), null);
  t.is(await importHint("r0 threw CollectionOf"), null);
});

test("every subpath of the package with values for modules is looked into", (t) => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const source = readFileSync(join(root, "src/cli/import-hint.ts"), "utf8");
  const looked = [...source.matchAll(/^ {2}"?([\w/-]+)"?: \(\) => import/gm)].map(([, name]) => `./${name}`);
  // What is a tool of its own is not asked for by a protocol's module.
  const others = [".", "./package.json", "./fast-check", "./real", "./protocols/pbft"];
  t.deepEqual([...looked, ...others].sort(), Object.keys(exports).sort());
});

test("the command line says it under the error", async (t) => {
  const directory = await directoryWith(t, {
    "mine.ts": 'import { CollectionOf } from "turncoat";\nexport default CollectionOf(1 as never);\n',
  });
  const { code, stderr } = await turncoat(directory, "check", "./mine.ts");
  t.is(code, 2);
  t.regex(
    stderr,
    /could not be loaded: .*CollectionOf.*\n(.*\n)? {2}CollectionOf is exported by turncoat\/vocabulary/,
  );
});
