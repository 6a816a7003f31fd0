// A report of a campaign, as a user goes on with it: after kill -9, and with a shard that is missing.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import test from "ava";
import { directoryWith, parse, refusedWith, start, turncoat } from "./support.js";

const campaign = ["fuzz", "pbft", "--views", "0", "--adversary", "silent", "--byzantine", "r3"];
const options = [...campaign, "--property", "agreement", "--seed", "4", "--workers", "1"];

test("a campaign that is killed leaves its blocks, its corpus, and the same report in the end", async (t) => {
  const directory = await directoryWith(t);
  const files = (name: string) => ["--report", `${name}.json`, "--corpus", `${name}-corpus.json`];
  const { child, done } = start(directory, ...options, "--runs", "1000000", ...files("killed"));
  while (!existsSync(join(directory, "killed.json"))) await setTimeout(20);
  child.kill("SIGKILL");
  await done;
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));
  const { made, counts, maxRuns } = read("killed.json").campaigns[0].state;
  t.is(counts.runs, 5000 * (made[0][1] + 1));
  t.is(maxRuns, 1_000_000);
  const runs = `${counts.runs + 5000}`;
  await turncoat(directory, "fuzz", "--resume", "killed.json", "--runs", runs, "--report", "resumed.json");
  await turncoat(directory, ...options, "--runs", runs, ...files("whole"));
  t.is(read("resumed.json").campaigns[0].state.counts.runs, Number(runs));
  const text = (name: string) => readFileSync(join(directory, name), "utf8");
  t.is(text("resumed.json"), text("whole.json"));
  await turncoat(directory, "fuzz", "--resume", "resumed.json", "--report", "resumed.json");
  t.is(text("resumed.json"), text("whole.json"), "there is nothing more to make");
});

test("a shard alone is inconclusive; --resume alone makes what is missing", async (t) => {
  const directory = await directoryWith(t);
  await turncoat(directory, ...options, "--runs", "10000", "--shard", "1/2", "--report", "one.json");
  const merged = await turncoat(directory, "fuzz", "--merge", "one.json", "--report", "m.json");
  t.is(merged.code, 3);
  t.regex(
    merged.stdout,
    /inconclusive: runs 5001-10000 are missing: turncoat fuzz --resume with this campaign's report makes them\.\n/,
  );
  const resumed = await turncoat(directory, "fuzz", "--resume", "m.json", "--json", "--report", "m.json");
  t.is(resumed.code, 0);
  t.is(parse(resumed).runs[0].runs, 10_000);
  t.is((await turncoat(directory, "fuzz", "--merge", "m.json")).code, 0);
  refusedWith(
    t,
    await turncoat(directory, "fuzz", "pbft", "--views", "2", "--resume", "m.json", "--adversary", "silent"),
    "turncoat: m.json has no campaign of what these options say; it has: pbft, silent at r3, views 0-0. " +
      "To go on with all of them, leave out the protocol and its options.",
  );
});
