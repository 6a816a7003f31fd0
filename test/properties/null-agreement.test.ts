// A committed request that a new view overwrites with the null request: nothing but this property sees it in a run of one slot. So it is
// checked where nobody names properties, and a run of `agreement` alone says what it does not see.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { nullAgreement } from "../../properties/null-agreement.js";
import { findProtocol, type SettingDescription, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { UserError } from "../../src/model/errors.js";
import { plan } from "../../src/suite/plan.js";
import type { FuzzRequest } from "../../src/suite/request.js";
import { replayIn } from "../../src/trace/replay.js";
import { fourReplicas, pbftMutant, pbftSetting } from "../support/settings.js";

const overwrites = pbftMutant("new-view-overwrites-with-null");

const setting = (changes: object, adversary = "silent", byzantine = "r3") =>
  pbftSetting(adversary, byzantine, {
    config: { ...fourReplicas, showsSkipped: true },
    bounds: { views: 1 },
    ...changes,
  });

const onlyAgreement = (config: object = {}) =>
  setting({ protocol: overwrites, properties: [agreement], config: { ...fourReplicas, ...config } });

async function planned(request: FuzzRequest): Promise<SettingDescription[]> {
  return plan(await findProtocol(request.protocol), request).map(({ description }) => description);
}

test("a committed request that is overwritten by the null request is found, in one slot and views 0-1", async (t) => {
  for (const [reduction, states] of [
    ["none", 12_109],
    ["visible-steps", 1_257],
  ] as const) {
    const mutated = setting({ protocol: overwrites, properties: [nullAgreement] });
    const found = await search(mutated, { reduction });
    t.deepEqual(
      [found.verdict, found.counterexample?.actions.length, found.states],
      ["violated", 20, states],
    );
    t.is(replayIn(mutated, "null-agreement", found.counterexample!).outcome, "reproduced");
    t.is(
      found.counterexample!.explanation,
      "r1 executed a request at slot 1, but at r0 the null request has committed there",
    );
  }
});

test("PBFT never fills a slot with the null request where a request has committed", async (t) => {
  const result = await search(setting({ properties: [nullAgreement] }, "silent", "r0"));
  t.deepEqual([result.verdict, result.caveats], ["holds", []]);
});

test("agreement alone does not see it in one slot, and says so; it does in two", async (t) => {
  const blind = await search(onlyAgreement());
  t.is(blind.verdict, "holds");
  t.deepEqual(
    blind.caveats.map(({ coveredBy }) => coveredBy),
    ["null-agreement"],
  );
  const seeing = await search(onlyAgreement({ slots: 2 }), { reduction: "visible-steps" });
  t.deepEqual([seeing.verdict, seeing.counterexample?.actions.length], ["violated", 28]);
});

test("nothing is said where nothing is unseen: two slots, no other view, no null requests, or nothing that holds", async (t) => {
  const caveats = async (changes: object) =>
    (
      await search(setting({ properties: [agreement], config: fourReplicas, ...changes }), {
        maxStates: 50_000,
      })
    ).caveats;
  t.is((await caveats({ bounds: { views: 1 } })).length, 1);
  t.is((await caveats({ bounds: { views: 0 } })).length, 0);
  t.is((await caveats({ config: { ...fourReplicas, slots: 2 }, bounds: { views: 0 } })).length, 0);
  t.is((await caveats({ protocol: pbftMutant("view-change-forgets") })).length, 0);
  const { nullRequests: _, ...without } = overwrites;
  t.is((await caveats({ protocol: without })).length, 0);
});

test("without properties there are runs of their own, behind the others", async (t) => {
  const without = (await planned({ protocol: "pbft" })).filter(
    ({ properties }) => properties[0] !== "null-agreement",
  );
  const all = await planned({ protocol: "pbft" });
  t.deepEqual(all.slice(0, without.length), without);
  t.deepEqual(
    all.slice(without.length).map(({ properties, byzantine, config }) => [properties, byzantine, config]),
    [["r0"], ["r1"], ["r2"]].map((byzantine) => [
      ["null-agreement"],
      byzantine,
      { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false, showsSkipped: true },
    ]),
  );
  const [last] = (await planned({ protocol: "distalgo", adversaries: ["silent"], byzantine: ["r0"] })).slice(
    -1,
  );
  t.deepEqual(last!.properties, ["null-agreement"]);
});

test("the mutant falls with default properties, whatever else is asked for", async (t) => {
  const asked: FuzzRequest = {
    protocol: "pbft/new-view-overwrites-with-null",
    adversaries: ["silent"],
    byzantine: ["r3"],
    views: 1,
  };
  const verdicts = await Promise.all(
    (await planned(asked)).map(async (description) => [
      description.properties.join(),
      (await search(await settingFrom(description))).verdict,
    ]),
  );
  t.true(verdicts.some((verdict) => verdict.join() === "null-agreement,violated"));
});

test("there are no such runs where they add nothing", async (t) => {
  const count = async (request: Partial<FuzzRequest>) =>
    (await planned({ protocol: "pbft", byzantine: ["r0"], ...request })).filter(({ properties }) =>
      properties.includes("null-agreement"),
    ).length;
  t.is(await count({}), 1);
  t.is(await count({ views: 0 }), 0);
  t.is(await count({ slots: 2 }), 0);
  t.is(await count({ clients: true }), 0);
  t.is(await count({ timing: {} }), 0);
  t.is(await count({ properties: ["agreement"] }), 0);
  t.is(await count({ protocol: "ibft" }), 0);
});

test("a protocol without null requests is not asked about them, by whatever way", async (t) => {
  const request: FuzzRequest = { protocol: "ibft", properties: ["null-agreement"], byzantine: ["r0"] };
  const text = "null-agreement is about null requests, and ibft says of none.";
  await t.throwsAsync(() => planned(request), { instanceOf: UserError, message: text });
  const [run] = await planned({ ...request, properties: ["agreement"] });
  const asked = { ...run!, properties: ["null-agreement"] };
  await t.throwsAsync(() => settingFrom(asked), { instanceOf: UserError, message: text });
});

test("what a property needs to be set is set by the library, too; who sets nothing has put nothing to the test", async (t) => {
  const [run] = await planned({ protocol: "pbft", adversaries: ["silent"], byzantine: ["r0"] });
  const asked = { ...run!, properties: ["null-agreement", "nobody-waits-for-ever"] };
  const { config } = await settingFrom(asked);
  t.deepEqual([config.showsSkipped, config.showsWaiting], [true, true]);
  const blind = await search(setting({ config: fourReplicas, properties: [nullAgreement] }, "silent", "r0"));
  t.is(blind.verdict, "vacuous");
});
