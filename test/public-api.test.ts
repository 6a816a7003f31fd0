// What the package exports: how many names each entry has, that `turncoat` itself stays small enough to be held in mind, and that every
// entry can be imported under its name, by Node and by a TypeScript module that Turncoat loads.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { importModule } from "../src/catalogue/index.js";
import { directoryWith, root } from "./cli/support.js";
import { barrels, exportedBy } from "./support/entries.js";

const namesOf = (barrel: string) => exportedBy(barrel).map(({ name }) => name);

/** The entries that are closed: whatever else is exported belongs to one of the others. */
const counts: { readonly [entry: string]: number } = {
  turncoat: 40,
  "turncoat/vocabulary": 100,
  "turncoat/suites": 8,
};

for (const [entry, count] of Object.entries(counts))
  test(`${entry} exports ${count} names`, (t) => {
    const names = namesOf(barrels.get(entry)!);
    t.is(names.length, count, names.join(" "));
  });

test("turncoat itself has at most 40 names", (t) => {
  t.true(counts.turncoat! <= 40);
});

for (const [entry, file] of barrels)
  test(`${entry} exports each name once`, (t) => {
    const names = namesOf(file);
    t.true(names.length > 0);
    t.is(new Set(names).size, names.length);
  });

test("names that have moved are where the documentation says", (t) => {
  const rows = [
    ...readFileSync(join(root, "docs/library.md"), "utf8").matchAll(/^\| (`.*`) \| `(turncoat\/.+)` \|$/gm),
  ];
  t.is(rows.length, 8);
  for (const [, moved, entry] of rows) {
    const names = namesOf(barrels.get(entry!)!);
    for (const [, name] of moved!.matchAll(/`(\w+)`/g)) t.true(names.includes(name!), `${name} in ${entry}`);
  }
});

test("a TypeScript module that Turncoat loads imports the same entries as Node does", async (t) => {
  const directory = await directoryWith(t);
  const file = join(directory, "all.ts");
  const lines = [...barrels.keys()].map((entry, at) => `export * as entry${at} from "${entry}";`);
  await writeFile(file, `${lines.join("\n")}\nexport const typed: number = 1;\n`);
  const loaded = await importModule(file, file);
  for (const [at, entry] of [...barrels.keys()].entries())
    t.deepEqual(
      Object.keys(loaded[`entry${at}`] as object).toSorted(),
      Object.keys(await import(entry)).toSorted(),
    );
});

test("nothing of the published package runs when it is installed", (t) => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  t.deepEqual(
    ["preinstall", "install", "postinstall", "prepare", "prepublish"].filter((name) => name in scripts),
    [],
  );
});
