// A violation in the smallest setting in which it still is one.

import test from "ava";
import { type SettingDescription, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { minimize } from "../../src/minimize/index.js";
import { smallerSettings } from "../../src/minimize/smaller.js";
import type { Action } from "../../src/model/action.js";
import { Renaming } from "../../src/model/symmetry/renaming.js";
import type { Json } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { downfallOf, equivocation, fallOf } from "../trace/fixtures.js";

const nothing = { start: {}, sequence: { actions: [], loop: [] } };

async function partsOf(changes: Partial<SettingDescription>, name = "pbft/quorum-2f"): Promise<string[]> {
  const setting = await settingFrom({ ...downfallOf(name), ...changes });
  const all = smallerSettings(setting, nothing, []).map(
    ({ part, before, after }) => `${part} ${before} > ${after}`,
  );
  return [...new Set(all)];
}

test("views, sequence numbers and requests that are not needed are taken away", async (t) => {
  const trace = await equivocation();
  const config = { ...trace.setting.config, slots: 2, requests: 3 };
  const setting = await settingFrom({ ...trace.setting, config, bounds: { views: 1 } });
  const execution = { property: "agreement", start: {}, actions: trace.actions };
  const found = await minimize(setting, execution, { maxStates: 0 });
  t.deepEqual(found.account.removed, [
    { part: "views", before: "0-1", after: "0-0" },
    { part: "sequence numbers", before: "2", after: "1" },
    { part: "requests", before: "3", after: "2" },
  ]);
  t.deepEqual(found.setting.config, trace.setting.config);
  t.is(found.counterexample.actions.length, 4);
  t.is(replayIn(found.setting, "agreement", found.counterexample).outcome, "reproduced");
});

test("other requests get the names of those that stay, and values the smallest names", async (t) => {
  const trace = await equivocation();
  const swap = new Renaming(
    new Map([
      ["c0", "c2"],
      ["c2", "c0"],
      ["A", "C"],
      ["C", "A"],
    ]),
  );
  const actions = trace.actions.map((action) => swap.apply(action as unknown as Json) as unknown as Action);
  const setting = await settingFrom({ ...trace.setting, config: { ...trace.setting.config, requests: 3 } });
  const found = await minimize(setting, { property: "agreement", start: {}, actions }, { maxStates: 0 });
  const [a, b, c, d] = trace.actions;
  t.deepEqual(found.counterexample.actions, [a, c, b, d]);
  t.is(found.setting.config.requests, 2);
});

test("seven replicas with two faults become four with one", async (t) => {
  const small = downfallOf("pbft/quorum-2f");
  const setting = await settingFrom({
    ...small,
    config: { ...small.config, replicas: 7, faults: 2 },
    byzantine: ["r0"],
  });
  const { actions } = await equivocation();
  const { counterexample } = await search(setting);
  const found = await minimize(setting, counterexample!);
  t.is(found.setting.config.replicas, 4);
  t.is(found.setting.config.faults, 1);
  t.is(found.counterexample.actions.length, actions.length);
});

test("no Byzantine replica is kept where none is needed", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/view-change-forgets");
  const found = await minimize(setting, counterexample, { maxStates: 0 });
  t.deepEqual(found.account.removed, [{ part: "Byzantine nodes", before: "r3", after: "none" }]);
  t.deepEqual([found.setting.byzantine, found.setting.adversary], [[], null]);
  t.is(found.counterexample.actions.length, 22);
});

test("what a protocol does not promise is no smaller setting", async (t) => {
  // Inside the contract n = 4 is the least for f = 1; a request less is one that safety could do with.
  t.deepEqual(await partsOf({}), ["requests 2 > 1", "Byzantine nodes r0 > none"]);
  // Where liveness is at stake, views stay, and so do sequence numbers for every request.
  t.deepEqual(await partsOf({ bounds: { views: 2 } }, "pbft/primary-forever"), ["Byzantine nodes r0 > none"]);
});

test("crashes and lost messages that do not happen are no longer allowed", async (t) => {
  const crashing = await partsOf({ byzantine: [], adversary: null, bounds: { views: 0, crashes: 1 } });
  t.deepEqual(crashing, ["crashes 1 > 0", "requests 2 > 1"]);
  const lossy = await partsOf({ network: "lossy:3" });
  t.deepEqual(lossy, ["network lossy:3 > once", "requests 2 > 1", "Byzantine nodes r0 > none"]);
});
