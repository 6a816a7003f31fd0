// What the package exports: how many names each entry has, that `turncoat` itself stays small enough to be held in mind, and that every
// entry can be imported under its name, by Node and by a TypeScript module that Turncoat loads.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { importModule } from "../src/catalogue/index.js";
import { directoryWith, root } from "./cli/support.js";

interface Target {
  readonly types: string;
  readonly default: string;
}

const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: { readonly [subpath: string]: string | Target };
};

/** The entries with their barrels, by the names under which they are imported. */
const barrels = Object.entries(entries).flatMap(([subpath, target]) =>
  typeof target === "string"
    ? []
    : [
        [
          `turncoat${subpath.slice(1)}`,
          target.default.replace("./build/", "").replace(/\.js$/, ".ts"),
        ] as const,
      ],
);

/** The names that a barrel exports, types included. Barrels are lists of `export ... from`, and nothing else. */
function namesOf(file: string): readonly string[] {
  const code = readFileSync(join(root, file), "utf8").replaceAll(/\/\/.*$/gm, "");
  const rest = code.replaceAll(/export (type )?(\{[^}]*\}|\*) from "[^"]+";/g, "").trim();
  if (rest !== "") throw new Error(`${file} does more than to export: ${rest}`);
  return [...code.matchAll(/export (?:type )?(?:\{([^}]*)\}|\*) from "([^"]+)"/g)].flatMap(
    ([, list, from]) =>
      list === undefined
        ? namesOf(join(file, "..", from!.replace(/\.js$/, ".ts")))
        : list.split(",").flatMap((name) => name.trim().split(/\s+/).at(-1) || []),
  );
}

/** Of the rooms of properties, adversaries, PBFT and real code every file may be a name; the others grow only on purpose. */
const counts: { readonly [entry: string]: number } = {
  turncoat: 40,
  "turncoat/vocabulary": 49,
  "turncoat/search": 37,
  "turncoat/suites": 6,
  "turncoat/traces": 35,
  "turncoat/strategies": 28,
  "turncoat/fast-check": 15,
  "turncoat/simulate": 13,
  "turncoat/protocols": 16,
};

for (const [entry, count] of Object.entries(counts))
  test(`${entry} exports ${count} names`, (t) => {
    const names = namesOf(new Map<string, string>(barrels).get(entry)!);
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
    const names = namesOf(new Map<string, string>(barrels).get(entry!)!);
    for (const [, name] of moved!.matchAll(/`(\w+)`/g)) t.true(names.includes(name!), `${name} in ${entry}`);
  }
});

test("a TypeScript module that Turncoat loads imports the same entries as Node does", async (t) => {
  const directory = await directoryWith(t);
  const file = join(directory, "all.ts");
  const lines = barrels.map(([entry], at) => `export * as entry${at} from "${entry}";`);
  await writeFile(file, `${lines.join("\n")}\nexport const typed: number = 1;\n`);
  const loaded = await importModule(file, file);
  for (const [at, [entry]] of barrels.entries())
    t.deepEqual(
      Object.keys(loaded[`entry${at}`] as object).toSorted(),
      Object.keys(await import(entry)).toSorted(),
    );
});
