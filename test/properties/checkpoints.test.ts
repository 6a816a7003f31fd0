// Checkpoint agreement, checkpoint durability, bounded log, catching up.

import test from "ava";
import { boundedLog, catchingUp, checkpointAgreement, checkpointDurability } from "../../properties/index.js";
import { executed, facts, judge, type Seen } from "./support.js";

const about = { ...facts(), config: { ...facts().config, checkpointInterval: 1, window: 1 } };
const say =
  (name: string) =>
  (by: string, slot: number, digest = "x"): Seen => [by, { kind: "custom", name, data: { slot, digest } }];
const taken = say("checkpoint");
const stable = say("stable");

test("checkpoint agreement: equal digests at a slot hold, different ones do not", (t) => {
  const agreed = [taken("r1", 1), taken("r2", 1), stable("r1", 1)];
  t.deepEqual(judge(checkpointAgreement, agreed, about), { verdict: "holds", exercised: 1 });
  t.deepEqual(judge(checkpointAgreement, [...agreed, taken("r3", 1, "y")], about), {
    verdict: "violated",
    exercised: 1,
    says: "at slot 1 r3 has the state y, but r1 has x",
  });
  t.is(judge(checkpointAgreement, [...agreed, taken("r3", 2, "y")], about).verdict, "holds");
  t.is(judge(checkpointAgreement, [taken("r1", 1), stable("r2", 1, "y")], about).verdict, "violated");
});

test("checkpoint durability: f+1 correct replicas must have what is held to be stable", (t) => {
  const two = [taken("r1", 1), taken("r2", 1), stable("r1", 1)];
  t.deepEqual(judge(checkpointDurability, two, about), { verdict: "holds", exercised: 1 });
  t.deepEqual(judge(checkpointDurability, [taken("r1", 1), taken("r0", 1), stable("r1", 1)], about), {
    verdict: "violated",
    exercised: 1,
    says: "r1 holds the checkpoint at slot 1 to be stable, and only 1 correct replicas have it",
  });
});

test("checkpoint durability: nobody goes back behind a stable checkpoint", (t) => {
  const both = [1, 2].flatMap((slot) => [taken("r1", slot), taken("r2", slot)]);
  t.is(
    (judge(checkpointDurability, [...both, stable("r1", 2), stable("r1", 1)], about) as { says: string })
      .says,
    "r1 went back from the stable checkpoint at slot 2 to 1",
  );
});

test("bounded log: nothing is executed beyond the window above the last stable checkpoint", (t) => {
  t.deepEqual(judge(boundedLog, [executed("r1", "A"), stable("r1", 1), executed("r1", "B", 2)], about), {
    verdict: "holds",
    exercised: 1,
  });
  t.deepEqual(judge(boundedLog, [executed("r1", "A"), executed("r1", "B", 2)], about), {
    verdict: "violated",
    exercised: 0,
    says: "r1 executed slot 2, and its window ends at 1",
  });
});

test("catching up: somebody has taken over state and executed something after that", (t) => {
  const installed: Seen = ["r1", { kind: "custom", name: "state-installed", data: 1 }];
  t.is(judge(catchingUp, [executed("r1", "A"), installed], about).verdict, "pending");
  t.is(judge(catchingUp, [installed, executed("r2", "B", 2)], about).verdict, "pending");
  t.deepEqual(judge(catchingUp, [installed, executed("r1", "B", 2)], about), {
    verdict: "holds",
    exercised: 1,
  });
});

test("they are checked only where checkpoints are taken, and catching up only where somebody asks", (t) => {
  for (const property of [checkpointAgreement, checkpointDurability, boundedLog])
    t.deepEqual(
      [facts().config, about.config].map((config) => property.appliesTo?.(config)),
      [false, true],
    );
  t.false(catchingUp.appliesTo?.(about.config));
});
