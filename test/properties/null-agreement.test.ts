// A committed request that a new view overwrites with the null request: nothing but this property sees it in a run of one slot.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { nullAgreement } from "../../properties/null-agreement.js";
import { search } from "../../src/explore/search.js";
import type { Json, Protocol } from "../../src/protocol/index.js";
import { nullDigest } from "../../src/protocols/pbft/index.js";
import { pbft } from "../../src/protocols/pbft/protocol.js";
import { pbftRules } from "../../src/protocols/pbft/rules.js";
import { replayIn } from "../../src/trace/replay.js";
import { fourReplicas, pbftSetting } from "../support/settings.js";

const overwrites = pbft(
  {
    ...pbftRules,
    proposalsFrom: (rules, viewChanges) =>
      pbftRules
        .proposalsFrom(rules, viewChanges)
        .map(({ slot }) => ({ slot, digest: nullDigest, request: null })),
  },
  "pbft/overwrites-with-null",
) as unknown as Protocol<Json, Json>;

const setting = (changes: object, adversary = "arbitrary", byzantine = "r3") =>
  pbftSetting(adversary, byzantine, {
    config: { ...fourReplicas, showsSkipped: true },
    bounds: { views: 1 },
    ...changes,
  });

test("a committed request that is overwritten by the null request is found, in one slot and views 0-1", async (t) => {
  const mutated = setting({ protocol: overwrites, properties: [nullAgreement] });
  const { verdict, counterexample } = await search(mutated);
  t.is(verdict, "violated");
  t.is(replayIn(mutated, "null-agreement", counterexample!).outcome, "reproduced");
  t.regex(
    counterexample!.explanation,
    /executed a request at slot 1, but at r\d the null request has committed there/,
  );
});

test("PBFT never fills a slot with the null request where a request has committed", async (t) => {
  const result = await search(setting({ properties: [nullAgreement] }, "silent", "r0"));
  t.is(result.verdict, "holds");
});

test("agreement alone costs no state more, and does not see it", async (t) => {
  const { showsSkipped: _, ...config } = { ...fourReplicas, showsSkipped: true };
  const mutated = setting({ protocol: overwrites, properties: [agreement], config }, "silent", "r0");
  t.is((await search(mutated)).verdict, "holds");
});
