// Properties of your own, with fast-check and ava: whatever the schedule, the faults and the adversary, this holds. When one fails,
// fast-check shrinks the schedule, the plan and the adversary, and prints what happened, and the seed that repeats it.

import { fc, testProp } from "@fast-check/ava";
import { adversary, builtins, faultPlan, schedule, settingFrom } from "turncoat";

const pbft = builtins.find(({ name }) => name === "pbft")!;

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
