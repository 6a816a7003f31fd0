// All or nobody; and that everybody decides.

import test from "ava";
import { termination, totality } from "../../properties/index.js";
import { executed, judge } from "./support.js";

test("totality holds as long as nobody has executed anything, and once all have", (t) => {
  t.deepEqual(judge(totality, []), { verdict: "holds", exercised: 0 });
  const all = [executed("r1", "A"), executed("r2", "A"), executed("r3", "B")];
  t.deepEqual(judge(totality, all), { verdict: "holds", exercised: 1 });
});

test("totality waits while some have executed at a slot, and others have not", (t) => {
  t.deepEqual(judge(totality, [executed("r1", "A"), executed("r2", "A", 2), executed("r3", "A")]), {
    verdict: "pending",
    exercised: 0,
    says: "r1 executed something at slot 1, and r2 never does",
  });
});

test("totality does not count what a Byzantine replica executes, or anything twice", (t) => {
  t.is(judge(totality, [executed("r0", "A")]).verdict, "holds");
  t.is(judge(totality, [executed("r1", "A"), executed("r1", "A"), executed("r1", "A")]).verdict, "pending");
});

test("termination waits until every correct replica has decided at slot 1", (t) => {
  const two = [executed("r1", "A"), executed("r2", "B"), executed("r2", "A", 2), executed("r3", "A", 2)];
  t.deepEqual(judge(termination, two), {
    verdict: "pending",
    exercised: 2,
    says: "1 of 3 correct replicas have not decided, r3 among them",
  });
  t.deepEqual(judge(termination, [...two, executed("r3", "A")]), { verdict: "holds", exercised: 3 });
});
