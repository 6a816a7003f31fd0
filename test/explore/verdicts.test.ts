// What a finished search may claim.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { validity } from "../../properties/validity.js";
import { search } from "../../src/explore/search.js";
import { worst, worstRun } from "../../src/verdict/verdict.js";
import { deafAndListening } from "../support/counting-property.js";
import { pbftMutant, pbftSetting, twoPhaseCommitSetting, withClient } from "../support/settings.js";
import { toySetting } from "../support/toy.js";

test("a property holds if the whole space was explored and the property was put to the test", async (t) => {
  const result = await search(pbftSetting("equivocating-primary", "r0"));
  t.is(result.verdict, "holds");
  t.is(result.reason, null);
  t.is(result.frontier, 0);
  t.true(result.witnesses.agreementComparisons > 0);
  t.true(result.witnesses.decisions > 0);
});

test("a violated property leaves the others inconclusive, for the search ended there", async (t) => {
  const protocol = pbftMutant("quorum-2f");
  const result = await search(pbftSetting("equivocating-primary", "r0", { protocol }));
  t.is(result.verdict, "violated");
  t.deepEqual(
    result.properties.map(({ name, verdict, reason }) => [name, verdict, reason]),
    [
      ["agreement", "violated", result.counterexample!.explanation],
      ["validity", "inconclusive", "the search ended when agreement was violated"],
    ],
  );
});

test("a property that was never exercised is vacuous, with what it would have taken", async (t) => {
  const result = await search(toySetting({}, { properties: [agreement] }));
  t.is(result.verdict, "vacuous");
  t.is(
    result.reason,
    "agreement was never exercised: two correct replicas must have executed a request at the same slot",
  );
});

test("an equivocating primary placed at a backup has no move, and so nothing was tested", async (t) => {
  const result = await search(pbftSetting("equivocating-primary", "r2"));
  t.is(result.verdict, "vacuous");
  t.is(result.reason, "the adversary equivocating-primary at r2 had no move that changed anything");
});

test("a silent adversary needs no move to put a property to the test", async (t) => {
  t.is((await search(pbftSetting("silent", "r3"))).verdict, "holds");
});

test("liveness promises nothing where the primary of the last view is Byzantine", async (t) => {
  const setting = pbftSetting("silent", "r1", {
    config: withClient,
    bounds: { views: 1 },
    properties: [clientsAreServed],
  });
  const result = await search(setting);
  t.is(result.verdict, "outside");
  t.is(result.reason, "the primary of the last view, r1, is Byzantine; use --views 2");
});

test("a safety property beside one that is outside has its own verdict", async (t) => {
  const setting = pbftSetting("silent", "r0", {
    config: withClient,
    properties: [validity, clientsAreServed],
  });
  const result = await search(setting);
  t.deepEqual(
    result.properties.map(({ verdict }) => verdict),
    ["vacuous", "outside"],
  );
  t.is(result.verdict, "vacuous");
});

test("the worst verdict counts: violated, inconclusive, vacuous, holds, outside", (t) => {
  t.is(worst(["outside", "holds", "vacuous", "inconclusive", "violated"]), "violated");
  t.is(worst(["outside", "holds", "vacuous", "inconclusive"]), "inconclusive");
  t.is(worst(["outside", "holds", "vacuous"]), "vacuous");
  t.is(worst(["outside", "holds"]), "holds");
  t.is(worst(["outside"]), "outside");
});

test("without any property there is nothing that could hold", async (t) => {
  const { verdict, reason } = await search(twoPhaseCommitSetting(1));
  t.deepEqual([verdict, reason], ["vacuous", "no property was checked"]);
});

test("a property that holds without having observed anything is told of, unless somebody sees its tests", async (t) => {
  const properties = deafAndListening;
  const { verdict, caveats } = await search(pbftSetting("equivocating-primary", "r0", { properties }));
  t.is(verdict, "holds");
  t.deepEqual(
    caveats.map(({ text }) => text.split(":")[0]),
    ["deaf has not observed anything"],
  );
});

test("among properties `outside` counts last, among runs it is worse than `holds`", (t) => {
  t.is(worst(["outside", "holds"]), "holds");
  t.is(worst(["outside"]), "outside");
  t.is(worstRun(["holds", "outside"]), "outside");
  t.is(worstRun(["outside", "vacuous"]), "vacuous");
  t.is(worstRun(["holds", "inconclusive", "violated"]), "violated");
});

test("requests that could come in too many orders are refused", async (t) => {
  const config = { replicas: 4, faults: 1, requests: 17, slots: 1, clients: false };
  await t.throwsAsync(search(pbftSetting("silent", "r3", { config })), {
    message: "17 requests reach r0 in every order, which is too many; use at most 16.",
  });
});
