// Campaigns of timed runs: what is violated, what holds, what is told apart.

import test from "ava";
import { clientsAreServed } from "../../../properties/clients-are-served.js";
import { nobodyWaitsForEver } from "../../../properties/nobody-waits-for-ever.js";
import { pbftAdversaries } from "../../../src/catalogue/index.js";
import { fuzz } from "../../../src/fuzz/index.js";
import { minimize } from "../../../src/minimize/index.js";
import { superfluousInTime } from "../../../src/minimize/minimize-timed.js";
import type { Counterexample } from "../../../src/model/action.js";
import type { Setting } from "../../../src/model/setting.js";
import { replayIn } from "../../../src/trace/replay.js";
import { pbftMutant, pbftSetting, timedSetting, timing } from "../../support/settings.js";

/** Flaws that time shows: how many runs with seed 1 it takes, how many actions are left, and how it ends. */
const again = /^at \d+ ms everything is as it was at \d+ ms/;
const flaws: readonly {
  readonly flaw: string;
  readonly at: readonly [adversary: string, byzantine: string];
  readonly changes?: Partial<Setting>;
  readonly seed?: number;
  readonly runs: number;
  readonly actions: readonly [found: number, minimized: number];
  readonly ends: RegExp;
}[] = [
  { flaw: "primary-forever", at: ["silent", "r0"], runs: 1, actions: [4, 4], ends: again },
  {
    flaw: "timeout-constant",
    at: ["silent", "r3"],
    changes: { bounds: { views: 200 } },
    runs: 1,
    actions: [228, 226],
    ends: /^the client of c0:1:A still waits at 550 ms, more than 49 Delta/,
  },
  {
    flaw: "enters-without-asking",
    at: ["selective-sender", "r1"],
    seed: 2,
    runs: 415,
    actions: [20, 16],
    ends: again,
  },
  {
    flaw: "enters-without-asking",
    at: ["arbitrary", "r1"],
    seed: 2,
    runs: 267,
    actions: [13, 11],
    ends: again,
  },
  {
    flaw: "primary-waits-for-ever",
    at: ["lying-voter", "r2"],
    seed: 2,
    runs: 228,
    actions: [15, 14],
    ends: again,
  },
  {
    flaw: "read-only-optimization",
    at: ["equivocating-primary", "r0"],
    runs: 3,
    actions: [30, 30],
    ends: again,
  },
];

for (const { flaw, at, changes, seed = 1, runs, actions, ends } of flaws)
  test(`${flaw} is found with ${at.join(" at ")}, minimized, and replayed`, async (t) => {
    const setting = timedSetting(at[0], [at[1]], { protocol: pbftMutant(flaw), ...changes });
    const how = { seed };
    const result = await fuzz(setting, { ...how, maxRuns: 1000 });
    t.is(result.verdict, "violated");
    const found = result.counterexample!;
    t.regex(found.explanation, ends);
    const minimized = await minimize(setting, found);
    const small = minimized.counterexample;
    t.deepEqual([result.runs, found.actions.length, small.actions.length], [runs, ...actions]);
    const superfluous = (where: Setting, one: Counterexample) =>
      superfluousInTime(where, { ...one, schedule: one.schedule! });
    t.is(superfluous(setting, found)!.length > 0, found.actions.length > small.actions.length);
    t.deepEqual(superfluous(minimized.setting, small), []);
    const replayed = replayIn(minimized.setting, small.property, small);
    t.is(replayed.outcome, "reproduced");
    t.is(replayed.outcome === "reproduced" ? replayed.explanation : null, small.explanation);
    const correct = { ...minimized.setting, protocol: pbftSetting("silent", "r0").protocol };
    t.not(replayIn(correct, small.property, small).outcome, "reproduced");
    const repeated = await fuzz(setting, { ...how, path: result.path! });
    t.deepEqual(repeated.counterexample, found);
  });

test("correct PBFT serves its clients in time, whoever is Byzantine and does what", async (t) => {
  const adversaries = pbftAdversaries.filter(({ plays }) => plays !== "client");
  t.is(adversaries.length, 14);
  let waited = 0;
  for (const { name } of adversaries)
    for (const byzantine of ["r0", "r1", "r2", "r3"]) {
      const { timed, failures, runs } = await fuzz(timedSetting(name, [byzantine]), { seed: 1, maxRuns: 20 });
      t.deepEqual(failures, []);
      t.is(timed!.served, runs, `${name} at ${byzantine}`);
      waited += timed!.waited;
    }
  t.is(waited, 927);
});

test("what is allowed is not a step limit: with a bound that is too tight correct PBFT is late", async (t) => {
  const tight = timedSetting("silent", ["r0"], { timing: { ...timing, withinDeltas: 13 } });
  const result = await fuzz(tight, { seed: 1, maxRuns: 5000 });
  t.is(result.verdict, "violated");
  t.is(result.runs, 1);
  t.is(result.counterexample!.schedule!.untilMs, 190);
});

test("with more than f faulty replicas runs are told apart, and nothing is violated", async (t) => {
  const result = await fuzz(timedSetting("silent", ["r0", "r1"]), { seed: 1, maxRuns: 50 });
  t.is(result.verdict, "outside");
  t.is(
    result.reason,
    "more than f replicas are faulty (or n < 3f+1), so nobody is promised to be served; 50 runs did not recover, and 0 did",
  );
  t.deepEqual(result.failures, []);
  t.deepEqual(result.timed, {
    ...{ served: 0, late: 0, round: 50, cutByActions: 0, cutByViews: 0 },
    ...{ waited: 50, longestWait: 0 },
  });
});

test("with more than f faulty replicas a run may recover all the same", async (t) => {
  const setting = timedSetting("delayer", ["r2", "r3"]);
  const { verdict, timed } = await fuzz(setting, { seed: 1, maxRuns: 50 });
  t.is(verdict, "outside");
  t.deepEqual([timed!.served, timed!.late, timed!.round], [50, 0, 0]);
});

test("runs that are cut off leave a campaign undecided", async (t) => {
  const cut = await fuzz(timedSetting("silent", ["r0"]), { seed: 1, maxRuns: 50, maxActions: 20 });
  t.is(cut.verdict, "inconclusive");
  t.is(cut.reason, "50 of 50 runs are undecided (50 had too many actions, 0 went beyond the last view)");
  const low = await fuzz(timedSetting("silent", ["r0"], { bounds: { views: 1 } }), { seed: 1, maxRuns: 50 });
  t.is(low.verdict, "inconclusive");
  t.is(low.reason, "19 of 50 runs are undecided (0 had too many actions, 19 went beyond the last view)");
  t.deepEqual(low.warnings, []);
});

test("where everybody is served before GST nothing was put to the test", async (t) => {
  const late = timedSetting("silent", ["r3"], { timing: { ...timing, gstMs: 1_000_000 } });
  const { verdict, reason } = await fuzz({ ...late, bounds: { views: 40 } }, { seed: 4, maxRuns: 1 });
  t.is(verdict, "vacuous");
  t.is(reason, "nobody waited at GST, or asked after it: use a later --gst");
});

test("a campaign is the same with one thread or two, and can be gone on with", async (t) => {
  const setting = timedSetting("silent", ["r0"]);
  const module = new URL("../../support/settings.js", import.meta.url).href;
  const source = { module, name: "timedSetting", args: ["silent", ["r0"]] };
  const alone = await fuzz(setting, { seed: 1, maxRuns: 5100 });
  const together = await fuzz(setting, { seed: 1, maxRuns: 5100, workers: 2, source });
  t.deepEqual(together.state, alone.state);
  const first = await fuzz(setting, { seed: 1, maxRuns: 5000 });
  const both = await fuzz(setting, { seed: 1, maxRuns: 5100, resume: first.state });
  t.deepEqual(both.state, alone.state);
  t.is(alone.timed!.served, 5100);
});

test("a setting whose runs cannot be timed is refused", async (t) => {
  const message =
    "Timed runs are about clients-are-served and no other liveness property, on the network async, once, fifo, and without crashes.";
  const changes: readonly Partial<Setting>[] = [
    { properties: [] },
    { properties: [clientsAreServed, nobodyWaitsForEver] },
    { network: "lossy:1" },
    { bounds: { views: 4, crashes: 1 } },
  ];
  for (const change of changes)
    await t.throwsAsync(fuzz(timedSetting("silent", ["r0"], change), { seed: 1, maxRuns: 1 }), { message });
});
