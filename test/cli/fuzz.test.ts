// `turncoat fuzz` as a user runs it: seeds, paths, minimized traces.

import { readFile } from "node:fs/promises";
import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { KeptFailures } from "../../src/cli/fuzz-failures.js";
import { fuzz } from "../../src/fuzz/index.js";
import { plan } from "../../src/suite/plan.js";
import { directoryWith, refusedWith, start, turncoat, turncoatJson } from "./support.js";

const correct = ["--views", "0", "--adversary", "arbitrary", "--byzantine", "r0", "--property", "agreement"];

test("a mutant is violated: exit code 1, and the minimized trace that is written replays", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(
    directory,
    "fuzz",
    "pbft/quorum-2f",
    "--seed",
    "1",
    "--minimize-time",
    "600",
  );
  t.is(code, 1);
  t.is(document.seed, 1);
  t.is(document.verdict, "violated");
  const [run] = document.runs;
  t.regex(run.trace.file, /^traces\/pbft-quorum-2f-agreement-equivocating-primary-[0-9a-f]{8}\.json$/);
  t.is(run.trace.actions, 4);
  t.is(run.trace.minimal, true);
  const trace = JSON.parse(await readFile(`${directory}/${run.trace.file}`, "utf8"));
  t.is(trace.actions.length, 4);
  t.is(trace.origin, `fuzz, strategy mixed (${run.foundBy}), seed 1, path ${run.path}, minimized`);
  const replayed = await turncoatJson(directory, "replay", run.trace.file);
  t.is(replayed.code, 0);
  t.is(replayed.document.runs[0].outcome, "reproduced");
});

test("the failure that a campaign reports is on disk, although another thread had found as many as were asked for", async (t) => {
  const entry = await findProtocol("pbft/quorum-2f");
  const [{ description }] = plan(entry, { protocol: entry.name }) as [ReturnType<typeof plan>[number]];
  const setting = await settingFrom(description);
  const options = { seed: 1, maxRuns: 1, adversaries: entry.adversaries };
  const [first] = (await fuzz(setting, options)).failures;
  const directory = await directoryWith(t);
  const kept = new KeptFailures({ setting, description, options, directory, parts: {} });
  const [later, reported] = [
    { ...first!, path: "5016" },
    { ...first!, path: "322" },
  ];
  kept.keepFirst(later);
  kept.keepFirst(reported);
  t.is(kept.traceOf(reported), null); // one was asked for
  kept.keep(reported);
  const trace = JSON.parse(await readFile(kept.traceOf(reported)!.file, "utf8"));
  t.is(trace.origin, "fuzz, strategy uniform, seed 1, path 322, as it was found");
});

test("the same seed finds the same again, and with its path at once", async (t) => {
  // Minimized to the end, also on a busy machine.
  const found = ["fuzz", "pbft/quorum-2f", "--seed", "1", "--minimize-time", "600"];
  const directory = await directoryWith(t);
  const campaign = async (...options: string[]) =>
    (await turncoatJson(directory, ...found, ...options)).document.runs[0];
  const [first, again] = [await campaign(), await campaign()];
  t.is(first.runs, Number(first.path) + 1);
  const once = await campaign("--path", first.path);
  t.is(once.runs, 1);
  for (const run of [again, once]) {
    t.is(run.verdict, "violated");
    t.is(run.path, first.path);
    t.is(run.reason, first.reason);
    t.deepEqual(run.trace, first.trace);
  }
});

test("correct PBFT shows no violation: exit code 0, and the report does not claim more than that", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(
    directory,
    ...["fuzz", "pbft", ...correct, "--seed", "7", "--runs", "50"],
  );
  t.is(code, 0);
  t.is(document.verdict, "holds");
  const [run] = document.runs;
  t.is(run.runs, 50);
  t.is(run.decided + run.undecided, 50);
  t.is(run.reason, "no violation in 50 runs of at most 200 actions: sampled, not exhausted");
  t.is(run.path, null);
  t.is(run.trace, null);
  const { stdout, stderr } = await turncoat(
    directory,
    "fuzz",
    "pbft",
    ...correct,
    "--seed",
    "7",
    "--runs",
    "50",
  );
  t.regex(
    stdout,
    /^turncoat 0\.1\.0 fuzz \(node v[\d.]+, --seed 7\)\nn=4, f=1, async network, 2 requests, 1 slot/,
  );
  t.true(stdout.includes("│ no violation │"));
  t.regex(
    stderr,
    /^(.*no violation so far.*\n)*pbft, arbitrary at r0, views 0-0: no violation, 50 runs, [\d.]+ s\n$/,
  );
});

test("a seed that nobody gave is drawn and printed", async (t) => {
  const { document } = await turncoatJson(await directoryWith(t), "fuzz", "pbft", ...correct, "--runs", "1");
  t.true(Number.isSafeInteger(document.seed) && document.seed >= 0);
  t.is(document.runs[0].seed, document.seed);
});

test("--time ends a campaign that --runs does not limit", async (t) => {
  const { document } = await turncoatJson(
    await directoryWith(t),
    ...["fuzz", "pbft", ...correct, "--time", "0.5"],
  );
  t.true(document.runs[0].seconds >= 0.5); // how many runs that is depends on the machine
});

test("--max-actions too few to decide anything make a campaign vacuous: exit code 3", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["fuzz", "pbft", ...correct, "--seed", "1", "--runs", "5", "--max-actions", "1"],
  );
  t.is(code, 3);
  t.is(document.verdict, "vacuous");
  t.is(document.runs[0].undecided, 5);
  t.is(document.runs[0].events, 5);
});

test("--path without --seed is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "fuzz", "pbft/quorum-2f", "--path", "2"),
    "turncoat: --path repeats one run: give its --seed, and options that leave one setting (these leave 1: " +
      "choose with --adversary, --byzantine, --property and --clients).",
  );
});

test("--path for more than one setting is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(
      await directoryWith(t),
      ...["fuzz", "pbft", "--property", "agreement", "--seed", "1", "--path", "2"],
    ),
    "turncoat: --path repeats one run: give its --seed, and options that leave one setting (these leave 3: " +
      "choose with --adversary, --byzantine, --property and --clients).",
  );
});

test("a path that is none is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(
      await directoryWith(t),
      ...["fuzz", "pbft/quorum-2f", "--seed", "1", "--path", "home", "--json"],
    ),
    'turncoat: "home" is not the path of a run; it is a number, as in 42, or a list that ends with one, as in 12,45<12:30.',
  );
});

test("a strategy that there is not is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "fuzz", "pbft", "--strategy", "clever"),
    "error: option '--strategy <name>' argument 'clever' is invalid. Allowed choices are mixed, uniform, pct, pos, byzzfuzz, twins, guided.\n" +
      "(turncoat --help shows what there is)",
  );
});

test("an interrupt ends a campaign and reports what was found: exit code 130", async (t) => {
  const { child, done } = start(
    await directoryWith(t),
    "fuzz",
    "pbft",
    ...correct,
    "--seed",
    "1",
    "--time",
    "60",
  );
  child.stdout.once("data", () => child.kill("SIGINT")); // the heading stands there
  const { code, stdout } = await done;
  t.is(code, 130);
  t.regex(
    stdout,
    /pbft, arbitrary at r0, views 0-0: inconclusive: the campaign was interrupted after \d+ runs\.\n$/,
  );
});
