// The files in docs/experiments are what `npm run seeds` writes today.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { csvHead } from "../../src/report/simulate-csv.js";
import { directoryWith, root, turncoat } from "./support.js";

const directory = join(root, "docs/experiments");
const textOf = (name: string) => readFileSync(join(directory, name), "utf8");

test("all tables of experiments have the columns that a simulation writes", (t) => {
  const tables = readdirSync(directory).filter((name) => name.endsWith(".csv"));
  t.is(tables.length, 6);
  for (const name of tables) t.is(`${textOf(name).split("\n", 1)[0]}\n`, csvHead, name);
});

test("the experiment over wide areas gives the same rows again, byte for byte", async (t) => {
  const work = await directoryWith(t);
  const sweep = join(root, "bench/experiments/wan.json");
  const { code } = await turncoat(work, "simulate", "--sweep", sweep, "--csv", "wan.csv");
  t.is(code, 0);
  t.is(readFileSync(join(work, "wan.csv"), "utf8"), textOf("wan.csv"));
});
