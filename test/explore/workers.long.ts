// Several threads find what one finds: the same counts, verdicts, witnesses, observations and counterexamples.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { settingFrom } from "../../src/catalogue/index.js";
import { type SearchOptions, search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import { UserError } from "../../src/model/errors.js";
import type { Setting } from "../../src/model/setting.js";
import type { Json } from "../../src/protocol/index.js";
import type { SettingSource } from "../../src/verdict/setting-source.js";
import { observationText } from "../support/naive.js";
import { randomModels, safetySettingOf } from "../support/random-protocol.js";
import { pbftSetting, twoPhaseCommitSetting } from "../support/settings.js";

/** What must not depend on the number of threads. */
async function found(setting: Setting, source: SettingSource, count: number, options: SearchOptions = {}) {
  const observations: string[] = [];
  const result = await search(setting, {
    ...options,
    workers: { count, source, from: 0 },
    onObservation: (states) => observations.push(observationText(states)),
  });
  const { verdict, reason, properties, states, transitions, depth, frontier, witnesses, counterexample } =
    result;
  return {
    ...{ verdict, reason, properties, states, transitions, depth, frontier, witnesses, counterexample },
    observations: observations.sort(),
  };
}

function twoPhase(managers: number): [Setting, SettingSource] {
  const module = new URL("../support/settings.js", import.meta.url).href;
  return [twoPhaseCommitSetting(managers), { module, name: "twoPhaseCommitSetting", args: [managers] }];
}

for (const [managers, states] of [
  [2, 56],
  [4, 1568],
  [5, 8832],
] as const)
  test(`two-phase commit with ${managers} resource managers, by 1, 2 and 4 workers`, async (t) => {
    const [setting, source] = twoPhase(managers);
    const one = await found(setting, source, 1, { reduction: "none" });
    t.is(one.states, states);
    t.deepEqual(await found(setting, source, 2, { reduction: "none" }), one);
    t.deepEqual(await found(setting, source, 4, { reduction: "none" }), one);
  });

for (const [adversary, reduction, states] of [
  ["twin", "visible-steps", 778],
  ["amnesiac", "dominance", 508],
  ["mutator", "visible-steps", 152],
] as const)
  test(`PBFT with a ${adversary} as primary, by 1 and 2 workers`, async (t) => {
    const module = new URL("../support/settings.js", import.meta.url).href;
    const setting = pbftSetting(adversary, "r0");
    const source = { module, name: "pbftSetting", args: [adversary, "r0"] };
    const one = await found(setting, source, 1, { reduction });
    t.is(one.states, states);
    t.deepEqual(await found(setting, source, 2, { reduction }), one);
  });

test("random protocols, by 1 and 2 workers", async (t) => {
  const module = new URL("../support/random-protocol.js", import.meta.url).href;
  let violated = 0;
  await fc.assert(
    fc.asyncProperty(randomModels, fc.constantFrom("none", "visible-steps"), async (model, reduction) => {
      const setting = safetySettingOf(model);
      const source = { module, name: "safetySettingOf", args: [model as unknown as Json] };
      const one = await found(setting, source, 1, { reduction });
      if (one.verdict === "violated") violated++;
      t.deepEqual(await found(setting, source, 2, { reduction }), one);
    }),
    { seed: 1, numRuns: 15, endOnFailure: true },
  );
  t.true(violated > 0);
});

const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };

for (const [protocol, byzantine, views, network] of [
  ["pbft", "r0", 0, "async"],
  ["pbft", "r1", 0, "once"],
  ["pbft/quorum-2f", "r0", 0, "async"],
  ["pbft/votes-ignore-digest", "r0", 0, "async"],
  ["pbft/view-change-forgets", "r0", 1, "async"],
] as const)
  test(`${protocol}, ${byzantine}, ${network}: by 1 and 2 workers`, async (t) => {
    const adversary = network === "async" ? "arbitrary" : "silent";
    const bounds = { views };
    const properties = ["agreement"];
    const description = { protocol, config, byzantine: [byzantine], adversary, network, bounds, properties };
    const setting = await settingFrom(description);
    const one = await found(setting, { description }, 1);
    t.is(one.verdict, protocol === "pbft" ? "holds" : "violated");
    t.deepEqual(await found(setting, { description }, 2), one);
  });

test("PBFT, r1, views 0-1, with dominance: by 1, 2 and 4 workers", async (t) => {
  const description = {
    protocol: "pbft",
    config,
    byzantine: ["r1"],
    adversary: "arbitrary",
    network: "async",
    bounds: { views: 1 },
    properties: ["agreement"],
  };
  const setting = await settingFrom(description);
  const options: SearchOptions = { reduction: "dominance" };
  const one = await found(setting, { description }, 1, options);
  t.deepEqual([one.verdict, one.states], ["holds", 4588]);
  for (const count of [2, 4]) t.deepEqual(await found(setting, { description }, count, options), one);
});

test("a limit that is reached while workers search is inconclusive", async (t) => {
  const [setting, source] = twoPhase(6);
  const workers = { count: 2, source, from: 1000 };
  const deep = await search(setting, { reduction: "none", workers, maxDepth: 12 });
  const alone = await search(setting, { reduction: "none", maxDepth: 12 });
  const counts = ({ verdict, states, transitions, depth, frontier }: SearchResult) => ({
    ...{ verdict, states, transitions, depth, frontier },
  });
  t.deepEqual(counts(deep), counts(alone));
  t.is(deep.properties.length, 0);
  const signal = AbortSignal.abort();
  t.true((await search(setting, { reduction: "none", workers, signal })).interrupted);
});

test("a search that workers were made to stop goes on from its checkpoint", async (t) => {
  const [setting, source] = twoPhase(5);
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  const checkpoint = { file: join(directory, "a.checkpoint"), setting: null };
  const workers = { count: 2, source, from: 100 };
  const cut = await search(setting, { reduction: "none", workers, checkpoint, maxDepth: 9 });
  t.true(cut.frontier > 0);
  for (const again of [workers, undefined]) {
    const resumed = await search(setting, { reduction: "none", workers: again, checkpoint, resume: true });
    t.deepEqual([resumed.states, resumed.transitions, resumed.depth], [8832, 37_345, 16]);
  }
  rmSync(directory, { recursive: true });
});

test("a violation after a resumption by workers is shown from the beginning", async (t) => {
  const bounds = { views: 0 };
  const properties = ["agreement"];
  const protocol = "pbft/votes-ignore-digest";
  const description = {
    protocol,
    config,
    byzantine: ["r0"],
    adversary: "arbitrary",
    network: "async",
    bounds,
    properties,
  };
  const setting = await settingFrom(description);
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  const checkpoint = { file: join(directory, "a.checkpoint"), setting: null };
  const workers = { count: 2, source: { description }, from: 0 };
  const whole = await search(setting, { reduction: "none" });
  const cut = await search(setting, { reduction: "none", workers, checkpoint, maxDepth: whole.depth - 1 });
  t.is(cut.verdict, "inconclusive");
  const resumed = await search(setting, { reduction: "none", workers, checkpoint, resume: true });
  t.deepEqual(resumed.counterexample, whole.counterexample);
  rmSync(directory, { recursive: true });
});

test("what goes wrong in a worker is said as if there were one thread", async (t) => {
  const module = new URL("../support/throws-late.js", import.meta.url).href;
  const { throwsLate } = await import("../support/throws-late.js");
  const source = { module, name: "throwsLate", args: [] };
  const errors: string[] = [];
  for (const count of [1, 2]) {
    const options: SearchOptions = { reduction: "none", workers: { count, source, from: 20 } };
    const error = await t.throwsAsync(search(throwsLate(), options), { instanceOf: UserError });
    errors.push(`${error.code} ${error.message.split(",")[0]}`);
  }
  t.is(errors[0], 'protocol-threw r0 threw "too late"');
  t.is(errors[1], errors[0]);
});
