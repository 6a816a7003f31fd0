// Campaigns: the same whoever makes them, in parts, with breaks.

import test from "ava";
import { describeSetting } from "../../src/catalogue/index.js";
import { blockRuns } from "../../src/fuzz/block.js";
import { encodeCampaigns, mergeShards } from "../../src/fuzz/campaign-file.js";
import { type CampaignState, type FuzzOptions, fuzz, resultOf, strategyNamed } from "../../src/fuzz/index.js";
import { UserError } from "../../src/model/errors.js";
import type { Setting } from "../../src/model/setting.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";

const quick = pbftSetting("equivocating-primary", "r0");
const deep = pbftSetting("lying-voter", "r3", {
  protocol: pbftMutant("new-view-lowest-certificate"),
  bounds: { views: 2 },
});
const uniform = strategyNamed("uniform");

async function stateOf(setting: Setting, options: FuzzOptions): Promise<CampaignState> {
  const source = { description: describeSetting(setting) };
  return (await fuzz(setting, { seed: 5, source, ...options })).state;
}

function text(setting: Setting, state: CampaignState): string {
  return encodeCampaigns([{ setting: describeSetting(setting), state }]);
}

test("one thread and two write the same bytes, and so does the same seed again", async (t) => {
  const options = { maxRuns: 2 * blockRuns + 300 };
  const once = text(quick, await stateOf(quick, options));
  t.is(text(quick, await stateOf(quick, options)), once);
  t.is(text(quick, await stateOf(quick, { ...options, workers: 2 })), once);
  t.not(text(quick, await stateOf(quick, { ...options, seed: 6 })), once);
});

test("one thread and two find the same failure first, and count no run after it", async (t) => {
  const setting = pbftSetting("lying-voter", "r2", {
    protocol: pbftMutant("duplicate-votes-count"),
    bounds: { views: 1 },
  });
  const options = { maxRuns: 20 * blockRuns, strategy: strategyNamed("pos"), seed: 1 };
  const alone = await stateOf(setting, options);
  t.is(alone.failures.length, 1);
  t.is(alone.counts.runs, alone.failures[0]!.run + 1);
  t.is(alone.blocks, 2); // so the one with the failure is not the first, which one thread makes
  t.is(text(setting, await stateOf(setting, { ...options, workers: 2 })), text(setting, alone));
});

test("the shards of a campaign add up to the whole", async (t) => {
  const maxRuns = 3 * blockRuns;
  const whole = await stateOf(quick, { maxRuns });
  t.is(whole.counts.runs, maxRuns);
  const shards = await Promise.all(
    [2, 1].map((index) => stateOf(quick, { maxRuns, shard: { index, of: 2 } })),
  );
  t.deepEqual(
    shards.map(({ counts }) => counts.runs),
    [blockRuns, 2 * blockRuns],
  );
  t.is(text(quick, mergeShards(shards)), text(quick, whole));
  t.is(resultOf(quick, mergeShards(shards)).verdict, "holds");
});

test("what are no shards of one campaign is not merged", async (t) => {
  const shard = await stateOf(quick, { maxRuns: 10, shard: { index: 1, of: 2 } });
  const other = await stateOf(quick, { maxRuns: 10, shard: { index: 2, of: 2 }, seed: 6 });
  for (const wrong of [
    [shard, shard],
    [shard, other],
  ])
    t.throws(() => mergeShards(wrong), { instanceOf: UserError, message: /not shards of one campaign/ });
});

test("a campaign that goes on later is the one that was never stopped", async (t) => {
  const stopped = await stateOf(quick, { maxRuns: blockRuns });
  const continued = await stateOf(quick, { maxRuns: 2 * blockRuns, resume: stopped });
  t.is(text(quick, continued), text(quick, await stateOf(quick, { maxRuns: 2 * blockRuns })));
});

test("a block that the number of runs has cut short is made whole by who goes further, and counted once", async (t) => {
  const short = await stateOf(quick, { maxRuns: blockRuns + 300 });
  t.is(short.counts.runs, blockRuns + 300);
  t.is(short.before!.upTo, blockRuns + 300);
  const whole = await stateOf(quick, { maxRuns: 2 * blockRuns });
  t.is(whole.before, undefined);
  t.is(text(quick, await stateOf(quick, { maxRuns: 2 * blockRuns, resume: short })), text(quick, whole));
  // Without a number of runs: as many as it was to have, which it has.
  t.is(text(quick, await stateOf(quick, { resume: short })), text(quick, short));
});

test("a block that a failure has cut short is made whole by who looks for more failures", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0", {
    protocol: pbftMutant("quorum-2f"),
    bounds: { views: 0 },
  });
  const [maxRuns, maxFailures] = [blockRuns, 2];
  const short = await stateOf(setting, { maxRuns });
  t.is(short.before!.upTo, short.failures[0]!.run + 1);
  t.deepEqual(short.before!.state.made, []);
  const both = await stateOf(setting, { maxRuns, maxFailures, resume: short });
  t.is(text(setting, both), text(setting, await stateOf(setting, { maxRuns, maxFailures })));
});

test("after each block there is something to go on with", async (t) => {
  const saved: string[] = [];
  const maxRuns = 3 * blockRuns;
  const whole = await stateOf(quick, { maxRuns, onBlock: (state) => void saved.push(text(quick, state)) });
  t.is(saved.length, 3);
  t.is(saved[2], text(quick, whole));
  const [{ state: first }] = JSON.parse(saved[0]!).campaigns;
  t.deepEqual([first.made, first.counts.runs], [[[0, 0]], blockRuns]);
});

test("one shard never passes for the whole; who goes on fills the gaps", async (t) => {
  const maxRuns = 4 * blockRuns;
  const [one, two] = [
    await stateOf(quick, { maxRuns, shard: { index: 1, of: 2 } }),
    await stateOf(quick, { maxRuns, shard: { index: 2, of: 2 } }),
  ];
  const alone = mergeShards([one]);
  t.deepEqual(alone.made, [
    [0, 0],
    [2, 2],
  ]);
  const { verdict, reason } = resultOf(quick, alone);
  t.is(verdict, "inconclusive");
  t.is(
    reason,
    "runs 5001-10000, 15001-20000 are missing: turncoat fuzz --resume with this campaign's report makes them",
  );
  const whole = text(quick, mergeShards([one, two]));
  t.is(text(quick, await stateOf(quick, { resume: alone })), whole);
  t.is(text(quick, mergeShards([two, alone])), whole, "or the other shard is added later");
  t.throws(() => mergeShards([one, alone]), { message: /no two of them have made the same runs/ });
});

test("of shards that time has limited, one alone is not the whole either", async (t) => {
  const { maxRuns: _, ...one } = await stateOf(quick, { maxRuns: blockRuns, shard: { index: 1, of: 3 } });
  const alone = mergeShards([{ ...one, maxRuns: null }]);
  t.is(alone.maxRuns, 3 * blockRuns);
  t.is(resultOf(quick, alone).verdict, "inconclusive");
});

test("a block that an interrupt cuts off is reported, and made again by who goes on", async (t) => {
  const controller = new AbortController();
  const result = await fuzz(quick, {
    ...{ seed: 5, maxRuns: 4 * blockRuns, signal: controller.signal },
    onProgress: ({ runs }) => runs > 100 && controller.abort(),
  });
  t.true(result.interrupted);
  t.true(result.runs > result.state.counts.runs);
  const continued = await stateOf(quick, { maxRuns: 4 * blockRuns, resume: result.state });
  t.is(text(quick, continued), text(quick, await stateOf(quick, { maxRuns: 4 * blockRuns })));
});

test("an interrupt ends the work of threads, too: blocks that were cut off are reported", async (t) => {
  const controller = new AbortController();
  const source = { description: describeSetting(quick) };
  const campaign = fuzz(quick, {
    ...{ seed: 5, maxSeconds: 600, workers: 2, source, signal: controller.signal },
    onProgress: ({ runs }) => runs > 0 && controller.abort(), // a block is done, and others are under way
  });
  const result = await campaign;
  t.true(result.interrupted);
  t.true(result.runs > result.state.counts.runs);
  t.is(result.state.counts.runs % blockRuns, 0);
});

test("another seed or strategy cannot go on with a campaign", async (t) => {
  const resume = await stateOf(quick, { maxRuns: 10 });
  for (const options of [{ seed: 6 }, { strategy: uniform }, { maxActions: 7 }])
    await t.throwsAsync(stateOf(quick, { maxRuns: 20, resume, ...options }), { instanceOf: UserError });
});

test("several different failures: those that differ in names and order alone are one", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
  const { failures, verdict, runs } = await fuzz(setting, { seed: 1, maxRuns: 200, maxFailures: 3 });
  t.is(verdict, "violated");
  t.is(runs, 200);
  // With commits of the primary to both, or with the commit of a backup in place of one: no third way is found, and after 25
  // more in a row that are like these two none is looked for.
  t.deepEqual(
    failures.map(({ minimized }) => minimized!.counterexample.actions.length),
    [4, 5],
  );
  t.deepEqual(
    failures.map(({ times }) => times),
    [22, 8],
  );
});

test("a campaign whose runs mostly decide nothing says so", async (t) => {
  const silentLater = pbftSetting("silent", "r1", { bounds: { views: 1 } });
  const few = await fuzz(silentLater, { seed: 1, maxRuns: 100, maxActions: 8 });
  t.true(few.decided * 2 < few.runs);
  t.regex(few.warnings.join(), /^only \d+ of 100 runs decided anything: /);
  const many = await fuzz(silentLater, { seed: 1, maxRuns: 100 });
  t.true(many.decided * 2 >= many.runs);
  t.deepEqual(many.warnings, []);
});

test("the default finds what no single walk finds, and says which strategy it was", async (t) => {
  const { failures, path } = await fuzz(deep, { seed: 1, maxRuns: 60_000 });
  t.is(failures[0]?.counterexample.property, "agreement");
  t.true(["guided", "uniform", "pct", "pos", "byzzfuzz"].includes(failures[0]!.strategy));
  t.not(path, null);
  t.is((await fuzz(deep, { seed: 1, path: path! })).runs, 1);
});
