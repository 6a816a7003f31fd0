// Campaigns of `turncoat fuzz` in parts: shards, resuming, and the corpus of recipes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { directoryWith, refusedWith, turncoat, turncoatJson } from "./support.js";

const campaign = [
  "fuzz",
  "pbft",
  "--views",
  "0",
  "--adversary",
  "silent",
  "--property",
  "agreement",
  "--byzantine",
  "r3",
  "--seed",
  "4",
];

test("shards are merged from their reports into what one campaign reports", async (t) => {
  const directory = await directoryWith(t);
  const runs = ["--runs", "10000"];
  await turncoat(directory, ...campaign, ...runs, "--report", "whole.json");
  await turncoat(directory, ...campaign, ...runs, "--shard", "1/2", "--report", "one.json");
  await turncoat(directory, ...campaign, ...runs, "--shard", "2/2", "--report", "two.json");
  const merged = await turncoatJson(
    directory,
    "fuzz",
    "--merge",
    "one.json,two.json",
    "--report",
    "merged.json",
  );
  t.is(merged.code, 0);
  t.is(merged.document.runs.length, 1);
  t.is(merged.document.runs[0].runs, 10_000);
  const read = (file: string) => readFile(`${directory}/${file}`, "utf8");
  t.is(await read("merged.json"), await read("whole.json"));
});

test("a campaign goes on from its report", async (t) => {
  const directory = await directoryWith(t);
  await turncoat(directory, ...campaign, "--runs", "5000", "--report", "half.json");
  const { document } = await turncoatJson(directory, ...campaign, "--runs", "10000", "--resume", "half.json");
  t.deepEqual(
    document.runs.map((run: { runs: number }) => run.runs),
    [10_000],
  );
});

test("--cache: a damaged file of evaluated steps is said, and replaced; the report is the same", async (t) => {
  const directory = await directoryWith(t);
  const kept = [...campaign, "--runs", "20", "--cache", "steps", "--report"];
  t.is((await turncoat(directory, ...kept, "one.json")).code, 0);
  const [file, ...others] = readdirSync(join(directory, "steps"));
  t.deepEqual(others, []);
  const whole = readFileSync(join(directory, "steps", file!), "utf8");
  writeFileSync(join(directory, "steps", file!), whole.replace("local", "lokal").slice(0, -9));
  const again = await turncoat(directory, ...kept, "two.json");
  t.is(again.code, 0);
  t.true(again.stderr.includes(`turncoat: steps/${file} is damaged; so it is made anew.\n`));
  t.is(readFileSync(join(directory, "steps", file!), "utf8"), whole);
  t.is(readFileSync(join(directory, "two.json"), "utf8"), readFileSync(join(directory, "one.json"), "utf8"));
});

test("--corpus: a campaign begins with what the one before has learned; a damaged file is refused and stays", async (t) => {
  const directory = await directoryWith(t);
  const learning = [...campaign, "--runs", "40", "--corpus", "learned.json"];
  const read = (file: string) => readFile(`${directory}/${file}`, "utf8");
  t.is((await turncoat(directory, ...learning)).code, 0);
  const once = await read("learned.json");
  const { strategy, recipes } = JSON.parse(once).records[0];
  t.is(strategy, "mixed");
  t.true(recipes.length > 0);
  await turncoat(directory, ...learning, "--report", "second.json");
  const { corpus } = JSON.parse(await read("second.json")).campaigns[0].state;
  t.deepEqual(corpus.start, recipes);
  await writeFile(`${directory}/learned.json`, once.slice(0, -20));
  const { code, stderr } = await turncoat(directory, ...learning);
  t.is(code, 2);
  t.regex(stderr, /^turncoat: learned\.json is not JSON: it looks truncated/);
  t.is(await read("learned.json"), once.slice(0, -20));
});

test("a report that is none is refused, with every problem", async (t) => {
  const directory = await directoryWith(t);
  await writeFile(`${directory}/x.json`, '{ "format": "turncoat-fuzz", "version": 2 }');
  const { code, stderr, stdout } = await turncoat(directory, "fuzz", "--merge", "x.json");
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(stderr, /^turncoat: x\.json is not a campaign that can be read:/);
  t.regex(stderr, /campaigns/);
});

test("a shard that is none is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "fuzz", "pbft", "--shard", "3/2"),
    "error: option '--shard <i/k>' argument '3/2' is invalid. Use I/K with 1 <= I <= K, as in 2/4.\n" +
      "(turncoat --help shows what there is)",
  );
});
