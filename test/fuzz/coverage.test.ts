// The estimate of what a campaign has not seen.

import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { frequenciesOf, Incidence } from "../../src/fuzz/incidence.js";
import { campaignsIn, coverageOf, encodeCampaigns, fuzz, mergeShards } from "../../src/fuzz/index.js";
import { seenText } from "../../src/report/coverage.js";
import { firstSetting } from "../support/campaigns.js";

/** A hash whose first bits are evenly spread. */
const hash = (state: number) => Math.imul(state, 0x9e3779b1) | 0;

test("a sketch counts the runs in which a state was seen, and which runs were the only ones", (t) => {
  const sketch = new Incidence();
  for (const [run, states] of [[1, 2, 2], [2, 3], [2, 4, 4], []].entries())
    for (const state of states) sketch.add(hash(state), state, run);
  const { level, seenIn, runsAlone } = frequenciesOf(sketch.serialized());
  t.deepEqual(
    [level, Object.entries(seenIn), runsAlone],
    [
      0,
      [
        ["1", 3],
        ["3", 1],
      ],
      3,
    ],
  );
});

test("sketches of blocks merge into the same one in any order, also when only a subset fits", (t) => {
  const whole = new Incidence();
  const blocks = [new Incidence(), new Incidence(), new Incidence()];
  for (let run = 0; run < 300; run++)
    for (let n = 0; n < 200; n++) {
      const state = (run * 97 + n * n) % 30_011;
      whole.add(hash(state), state, run);
      blocks[run % 3]!.add(hash(state), state, run);
    }
  const parts = blocks.map((block) => block.serialized());
  const merged = (order: readonly number[]) => {
    const sum = new Incidence();
    for (const index of order) sum.merge(parts[index]!);
    return sum.serialized();
  };
  t.is(whole.level, 2);
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
  ])
    t.deepEqual(merged(order), whole.serialized());
});

test("of a model that can be exhausted, the estimate is near the truth, and too little tells nothing", async (t) => {
  const truth = 1169; // plain search: the second setting of paxos
  const setting = await settingFrom(await firstSetting("paxos", 1));
  const at = async (maxRuns: number) => {
    const { state, distinctStates } = await fuzz(setting, { seed: 5, maxRuns });
    return { state, share: distinctStates / truth, coverage: coverageOf(state) };
  };
  t.is((await at(19)).coverage, null);
  for (const runs of [219, 602, 1654]) {
    const { share, coverage } = await at(runs);
    t.true(
      Math.abs(coverage!.seen.estimate - share) < 0.05,
      `${runs}: ${coverage!.seen.estimate} of ${share}`,
    );
    t.true(coverage!.seen.low < share && share < coverage!.seen.high);
    t.true(share < coverage!.atMost.share && coverage!.atMost.share < coverage!.atMost.high);
    t.true(coverage!.unseenAtLeast > 0 && coverage!.unseenAtLeast < truth * (1 - share));
  }
  t.regex(
    seenText((await at(602)).state)!,
    /^at most 8\d % of the states that such runs can reach were seen \(at least \d\d\d were not; 7\d % if their rates are log-normal\); a further run finds a new one with a chance of 18 %$/,
  );
});

test("where states are of two kinds the bound holds, and the guess does not", async (t) => {
  const { estimated } = await import("../../src/fuzz/coverage.js");
  // 300 states that one run of ten visits, and 3,000 that one of 20,000 does, in 1,000 runs: as many as are expected of each.
  const seenIn: number[] = [];
  const binomial = (chance: number) => {
    let p = (1 - chance) ** 1000;
    return Array.from({ length: 200 }, (_, k) => {
      const now = p;
      p *= ((1000 - k) / (k + 1)) * (chance / (1 - chance));
      return now;
    });
  };
  const [common, rare] = [binomial(0.1), binomial(1 / 20_000)];
  for (let k = 1; k < 200; k++) seenIn[k] = Math.round(300 * common[k]! + 3000 * rare[k]!);
  const states = seenIn.reduce((sum, count) => sum + count, 0);
  const { unseenAtLeast, atMost, seen } = estimated({ seenIn, level: 0, runsAlone: seenIn[1]! }, 1000)!;
  t.is(seenIn[1], 143);
  t.is(unseenAtLeast, 2029);
  t.true(unseenAtLeast < 3300 - states);
  t.true(atMost.share > states / 3300 && atMost.share < 0.2);
  t.is(seen.estimate, atMost.share, "the fit knows nothing of the rare kind; the bound ends it");
});

test("campaign files keep it, and those of earlier versions have none", async (t) => {
  const description = await firstSetting("two-phase-commit");
  const { state } = await fuzz(await settingFrom(description), { seed: 5, maxRuns: 100 });
  const text = encodeCampaigns([{ setting: description, state }]);
  const [read] = campaignsIn(JSON.parse(text), "it");
  t.deepEqual(read!.state.incidence, state.incidence);
  t.deepEqual(mergeShards([read!.state]).incidence, state.incidence);
  const older = JSON.parse(text);
  delete older.campaigns[0].state.incidence;
  delete older.campaigns[0].before?.state.incidence;
  const [old] = campaignsIn(older, "it");
  t.is(old!.state.incidence, null);
  t.is(coverageOf(old!.state), null);
  const more = await fuzz(await settingFrom(description), { resume: old!.state, maxRuns: 200 });
  t.is(more.state.incidence, null, "what was not counted in the beginning stays unknown");
});
