// Timed runs as a user makes them: `turncoat fuzz --gst`.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { readTrace } from "../../src/trace/index.js";
import { directoryWith, refusedWith, turncoat, turncoatJson } from "./support.js";

const silent = ["--adversary", "silent", "--byzantine", "r0", "--seed", "1"];

test("correct PBFT serves its clients in time, and the report says how late they were", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(
    directory,
    "fuzz",
    "pbft",
    "--gst",
    "60",
    ...silent,
    "--runs",
    "200",
  );
  t.is(code, 0);
  const [run] = document.runs;
  t.is(run.verdict, "holds");
  t.deepEqual(run.timing, { gstMs: 60, deltaMs: 10, timeoutMs: 20, withinDeltas: 49 });
  t.deepEqual(run.bounds, { views: 4, requests: 1, slots: 1 });
  t.deepEqual(run.timed, {
    isRecoverable: true,
    served: 200,
    notServed: { late: 0, round: 0 },
    undecided: { actions: 0, views: 0 },
    waited: 183,
    longestWaitDeltas: 14,
  });
  t.is(
    run.reason,
    "in 200 runs everybody was served; of those who waited at GST or asked after it (183 runs) nobody waited for more than " +
      "14 Delta, where 49 are allowed: sampled, not exhausted",
  );
  t.is(run.maxActions, 2000);
});

test("runs with more than f faulty replicas are told apart", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(
    directory,
    ...[
      "fuzz",
      "pbft",
      "--gst",
      "60",
      "--adversary",
      "silent",
      "--byzantine",
      "r0,r1",
      "--runs",
      "20",
      "--seed",
      "1",
    ],
  );
  t.is(code, 3);
  const [run] = document.runs;
  t.is(run.verdict, "outside");
  t.is(run.insideContract, false);
  t.is(run.timed.isRecoverable, false);
  t.deepEqual(run.timed.notServed, { late: 0, round: 20 });
  t.is(run.trace, null);
});

test("a timed failure is written as a trace, which is replayed, minimized and repeated from the printed line", async (t) => {
  const directory = await directoryWith(t);
  const made = await turncoat(
    directory,
    "fuzz",
    "pbft/primary-forever",
    "--gst",
    "60ms",
    ...silent,
    "--runs",
    "9",
  );
  t.is(made.code, 1);
  t.true(made.stdout.includes("client nodes, GST 60 ms, Delta 10 ms, timeout 20 ms, within 49 Delta\n"));
  t.true(
    made.stdout.includes(
      "\npbft/primary-forever, silent at r0, views 0-4, with clients, timed: violated: at 100 ms ",
    ),
  );
  const [file] = await readdir(join(directory, "traces"));
  const trace = await readTrace(join(directory, "traces", file!));
  t.is(trace.actions.length, 4);
  t.deepEqual(trace.schedule, { timesMs: [20, 30, 70, 70], untilMs: 100, againMs: 80 });
  t.deepEqual(trace.setting.timing, { gstMs: 60, deltaMs: 10, timeoutMs: 20, withinDeltas: 49 });

  const line = made.stdout.split("\n").find((text) => text.includes("the same run again: "))!;
  const args = line.split("the same run again: turncoat ")[1]!.replaceAll("'", "").split(" ");
  const again = await turncoatJson(directory, ...args);
  t.is(again.code, 1);
  t.is(again.document.runs[0].runs, 1);
  t.is(again.document.runs[0].reason, trace.violates.explanation);

  const replayed = await turncoat(directory, "replay", join("traces", file!));
  t.is(replayed.code, 0);
  t.true(replayed.stdout.includes("\n     at 20 ms\n"));
  t.regex(
    replayed.stdout,
    /pbft\/primary-forever: reproduced, clients-are-served violated after 4 actions; pbft: diverged at action \d\n$/,
  );
  const minimized = await turncoat(directory, "minimize", join("traces", file!));
  t.is(minimized.code, 0);
});

test("campaigns with times go on, and are merged", async (t) => {
  const directory = await directoryWith(t);
  const campaign = ["fuzz", "pbft", "--gst", "60", ...silent, "--runs", "5050", "--workers", "1"];
  const whole = await turncoatJson(directory, ...campaign, "--report", "whole.json");
  await turncoat(directory, ...campaign, "--shard", "1/2", "--report", "one.json");
  await turncoat(directory, ...campaign, "--shard", "2/2", "--report", "two.json");
  const merged = await turncoatJson(directory, "fuzz", "--merge", "one.json,two.json");
  t.deepEqual(merged.document.runs[0].timed, whole.document.runs[0].timed);
  t.is(merged.document.runs[0].timed.served, 5050);
});

test("times have to be times", async (t) => {
  const directory = await directoryWith(t);
  for (const [option, text] of [
    ["--gst", "-1"],
    ["--delta", "0"],
    ["--timeout", "soon"],
    ["--within", "0"],
  ] as const) {
    const { code, stderr } = await turncoat(directory, "fuzz", "pbft", option, text);
    t.is(code, 2);
    t.true(stderr.includes(`error: option '${option} `), stderr);
  }
});

test("the search refuses what only time shows", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "check", "pbft/timeout-constant", "--json"),
    "turncoat: The search knows no clock: every timer may fire at any moment. Timed runs are made by turncoat fuzz.",
  );
});
