// What a campaign learns: recipes that anybody can follow, the same whoever has made the campaign, and of use to the next one.

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { describeSetting } from "../../src/catalogue/index.js";
import { blockRuns } from "../../src/fuzz/block.js";
import { encodeCampaigns, mergeShards } from "../../src/fuzz/campaign-file.js";
import { addToCorpus, readCorpus, recordOf } from "../../src/fuzz/corpus-file.js";
import { BlockCounts } from "../../src/fuzz/counts.js";
import { type FuzzOptions, fuzz, strategyNamed } from "../../src/fuzz/index.js";
import { allRecipes, maxLineage, maxRecipes, type Recipe } from "../../src/fuzz/recipes.js";
import { remake } from "../../src/fuzz/remake.js";
import { Runner } from "../../src/fuzz/run.js";
import { tally } from "../../src/fuzz/tally.js";
import { UserError } from "../../src/model/errors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";

const setting = pbftSetting("lying-voter", "r2", {
  protocol: pbftMutant("duplicate-votes-count"),
  bounds: { views: 1 },
});
const strategy = strategyNamed("guided");

/** What the first runs of a campaign have learned, before it finds anything. */
async function learned(): Promise<readonly Recipe[]> {
  const first = await fuzz(setting, { seed: 1, maxRuns: 400, strategy, corpus: [] });
  return first.state.corpus!.learned;
}

test("a recipe leads to its situation in any process, by its path alone", async (t) => {
  const recipes = await learned();
  t.is(recipes.length, 512);
  for (const { path, events, situation } of recipes.slice(0, 50)) {
    // A system of its own, which counts executions as a campaign's does; and a seed of its own.
    const system = new TransitionSystem({ ...setting, properties: [...setting.properties, tally] });
    const counts = new BlockCounts(system, setting.properties.length, true);
    const runner = new Runner(system, counts, 99, 200);
    remake(runner, { seed: 99, strategy }, path);
    const { moments } = counts;
    t.true(
      moments.some((moment) => moment.situation === situation && moment.events === events),
      path,
    );
    t.true(path.split(",").every((token) => /^1@\d+(<|$)/.test(token)));
    t.true(path.split(",").length <= maxLineage);
  }
});

test("a campaign that begins with a corpus finds a failure by runs of the one before, and its path repeats it without", async (t) => {
  const corpus = await learned();
  const { verdict, runs, path, counterexample } = await fuzz(setting, {
    ...{ seed: 9, maxRuns: 5000, strategy, corpus },
  });
  t.is(verdict, "violated");
  t.is(runs, 266); // without a corpus: 1746
  t.regex(path!, /^1@\d+,/);
  const again = await fuzz(setting, { seed: 9, strategy, path: path! });
  t.deepEqual(again.counterexample, counterexample);
  const other = await fuzz(setting, { seed: 9, strategy, path: path!.replaceAll("1@", "2@") });
  t.notDeepEqual(other.counterexample, counterexample); // the seed in the path matters
});

const quick = pbftSetting("equivocating-primary", "r0");

test("with the same corpus one thread, two, a break and shards write the same bytes", async (t) => {
  const first = await fuzz(quick, { seed: 5, maxRuns: 20, corpus: [] });
  const corpus = first.state.corpus!.learned;
  const maxRuns = blockRuns + 300;
  const source = { description: describeSetting(quick) };
  const stateOf = async (options: FuzzOptions) =>
    (await fuzz(quick, { seed: 6, source, maxRuns, corpus, ...options })).state;
  const text = (state: Awaited<ReturnType<typeof stateOf>>) =>
    encodeCampaigns([{ setting: describeSetting(quick), state }]);
  const whole = await stateOf({});
  t.deepEqual(whole.corpus!.start, allRecipes(corpus));
  t.is(whole.corpus!.learned.length, 29);
  const known = new Set(corpus.map(({ situation }) => situation));
  t.false(whole.corpus!.learned.some(({ situation }) => known.has(situation)));
  t.is(text(await stateOf({ workers: 2 })), text(whole));
  t.is(
    text(await stateOf({ corpus: [], resume: await stateOf({ maxRuns: blockRuns }) })), // it begins with its own
    text(whole),
  );
  const shards = [
    await stateOf({ shard: { index: 1, of: 2 } }),
    await stateOf({ shard: { index: 2, of: 2 } }),
  ];
  t.is(text(mergeShards(shards)), text(whole));
  const foreign = await stateOf({ shard: { index: 2, of: 2 }, corpus: [] });
  t.throws(() => mergeShards([shards[0]!, foreign]), { message: /not shards of one campaign/ });
  t.not(text(await stateOf({ corpus: [] })), text(whole));
  const without = (await fuzz(quick, { seed: 6, maxRuns: 1 })).state;
  await t.throwsAsync(stateOf({ resume: without }), { message: /begun without a corpus/ });
});

test("recipes add up as sets do, and the shortest for a situation stays", (t) => {
  const recipe = (situation: number, path: string, events = 9): Recipe => ({ situation, path, events });
  const [a, b] = [recipe(1, "1@1"), recipe(1, "1@2", 8)];
  t.deepEqual(allRecipes([a], [b]), [b]);
  t.deepEqual(allRecipes([b], [a], [b]), [b]);
  const many = Array.from({ length: 3 * maxRecipes }, (_, index) => recipe(index, `1@${index}`));
  const all = allRecipes(many);
  t.is(all.length, maxRecipes);
  t.deepEqual(allRecipes(allRecipes(many.slice(2000)), allRecipes(many.slice(0, 2500).toReversed())), all);
});

test("a corpus file keeps what others have written, and what is none is refused and left alone", async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), "turncoat-")), "corpus.json");
  const key = { setting: describeSetting(quick), strategy: "mixed", maxActions: 200 };
  const recipe = { situation: 7, path: "1@3,1@4<1@3:2", events: 5 };
  t.deepEqual(await readCorpus(file), []);
  await addToCorpus(file, [{ ...key, recipes: [recipe] }]);
  await addToCorpus(file, [{ ...key, strategy: "guided", recipes: [{ ...recipe, situation: 8 }] }]);
  const records = await readCorpus(file);
  t.is(records.length, 2);
  t.deepEqual(recordOf(records, key)?.recipes, [recipe]);
  t.is(recordOf(records, { ...key, maxActions: 100 }), null);
  const text = await readFile(file, "utf8");
  for (const [damage, message] of [
    [text.slice(0, 300), /is not JSON: it looks truncated/],
    [
      text.replace("1@3,1@4<1@3:2", "1@4<1@3:2"),
      /records\[\d\]\.recipes\[\d\]\.path: this is not the path of a run/,
    ],
    [text.replace("turncoat-fuzz-corpus", "turncoat-fuzz"), /is not a fuzz corpus/],
    [text.replace(/"turncoat": ".*"/, '"turncoat": "0.0.0"'), /was written by Turncoat 0\.0\.0/],
  ] as const) {
    await writeFile(file, damage);
    await t.throwsAsync(addToCorpus(file, [{ ...key, recipes: [recipe] }]), {
      instanceOf: UserError,
      message,
    });
    t.is(await readFile(file, "utf8"), damage);
  }
});
