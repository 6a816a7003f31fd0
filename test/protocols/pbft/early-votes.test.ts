// Votes that come before what they are about: asked for again (the default), or kept. Nobody can tell the difference.

import test from "ava";
import { agreement } from "../../../properties/agreement.js";
import { search } from "../../../src/explore/search.js";
import { pbftSetting } from "../../support/settings.js";
import { A, B, drive, four, prepare } from "./support.js";

async function observed(adversary: string, byzantine: string, views: number, keepsEarlyVotes: boolean) {
  const base = pbftSetting(adversary, byzantine, { properties: [agreement], bounds: { views } });
  const observations: string[] = [];
  const { states, verdict } = await search(
    { ...base, config: { ...base.config, keepsEarlyVotes } },
    { reduction: "none", onObservation: (monitors) => observations.push(JSON.stringify(monitors)) },
  );
  return { states, verdict, observations: observations.sort() };
}

for (const [adversary, byzantine, views, deferred, kept] of [
  ["silent", "r3", 0, 198, 368],
  ["arbitrary", "r0", 0, 625, 9605],
  ["arbitrary", "r1", 0, 598, 13154],
  ["silent", "r3", 1, 10916, 16138],
] as const)
  test(`${adversary} ${byzantine}, views 0-${views}: ${deferred} states, ${kept} if early votes are kept, and the same is observed`, async (t) => {
    const [without, with_] = [
      await observed(adversary, byzantine, views, false),
      await observed(adversary, byzantine, views, true),
    ];
    t.deepEqual([without.states, with_.states], [deferred, kept]);
    t.is(with_.verdict, without.verdict);
    t.deepEqual(with_.observations, without.observations);
  });

test("a replica that keeps early votes keeps one of each sender, its first", (t) => {
  const config = { ...four, keepsEarlyVotes: true };
  const early = [prepare("r2", 0, 1, B), prepare("r2", 0, 1, A), prepare("r3", 0, 1, A)];
  t.deepEqual(drive("r1", early, { config }).state.log[0]?.prepares, [
    { replica: "r2", digest: "c1:1:B" },
    { replica: "r3", digest: "c0:1:A" },
  ]);
});
