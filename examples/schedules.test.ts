// Random runs with fast-check and ava. When one fails, fast-check shrinks the schedule, the faults and the
// adversary. It prints the events, and the seed and path that repeat them.

import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { findProtocol, settingFrom } from "turncoat";
import { adversary, check, faultPlan, schedule } from "turncoat/fast-check";
import broadcast, { adversaries } from "./broadcast.js";

test("a protocol of your own, held against its properties", async (t) => {
  const error = await t.throwsAsync(check(broadcast, { adversaries }, { seed: 1, numRuns: 200 }));
  t.regex(
    error.message,
    /agreement is violated after \d+ actions: r\d executed \w+ at slot 1, but r\d executed \w+ there/,
  );
});

const pbft = await findProtocol("pbft");

const setting = await settingFrom({
  protocol: "pbft",
  config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
  byzantine: ["r0"],
  adversary: "arbitrary",
  network: "async",
  bounds: { views: 1 },
  properties: ["agreement", "validity"],
});

testProp(
  "whoever lies, and whoever is cut off: replicas agree",
  [schedule(setting), faultPlan(setting), adversary(pbft.adversaries)],
  (t, schedule, plan, adversary) => {
    t.is(schedule.run({ plan, adversary }).violation, null);
  },
  { numRuns: 30 },
);

testProp(
  "a replica that is cut off for ever executes nothing, and the others still agree",
  [schedule(setting, { maxActions: 60 }), fc.constantFrom("r1", "r2", "r3")],
  (t, schedule, lonely) => {
    const plan = [{ steps: Number.POSITIVE_INFINITY, apart: [lonely], patient: [] }];
    const { violation, actions } = schedule.run({ plan, adversary: null });
    t.is(violation, null);
    t.false(actions.some((action) => action.kind === "deliver" && action.to === lonely));
  },
  { numRuns: 30 },
);
