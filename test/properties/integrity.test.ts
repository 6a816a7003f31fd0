import test from "ava";
import { integrity } from "../../properties/index.js";
import { accepted, committedAgain, executed, executedOwn, invoked, judge, type Seen } from "./support.js";

test("executions without a second offer put nothing to the test", (t) => {
  t.deepEqual(judge(integrity, [executed("r1", "A"), executed("r1", "B", 2), executed("r2", "A")]), {
    verdict: "holds",
    exercised: 0,
  });
});

test("it is exercised at each replica that was offered something a second time, once", (t) => {
  const events = [executed("r1", "A"), committedAgain("r1"), committedAgain("r1"), committedAgain("r3")];
  t.deepEqual(judge(integrity, events), { verdict: "holds", exercised: 2 });
});

test("a slot that is executed twice violates it, with whatever request", (t) => {
  t.deepEqual(judge(integrity, [executed("r1", "A"), executed("r1", "A")]), {
    verdict: "violated",
    exercised: 1,
    says: "r1 executed slot 1 twice (A the second time)",
  });
  t.is(
    judge(integrity, [executed("r1", "A"), executed("r1", "B")]).says,
    "r1 executed slot 1 twice (B the second time)",
  );
});

test("a request that is executed at two slots violates it", (t) => {
  t.deepEqual(judge(integrity, [executed("r2", "A"), executed("r2", "A", 2)]), {
    verdict: "violated",
    exercised: 1,
    says: "r2 executed A twice (the second time at slot 2)",
  });
});

test("an entry that the protocol made itself may come again, but not at the same slot", (t) => {
  const events = [executedOwn("r2", "no-op"), executedOwn("r2", "no-op", 2), committedAgain("r2", 1)];
  t.deepEqual(judge(integrity, events), { verdict: "holds", exercised: 1 });
  t.is(
    judge(integrity, [...events, executedOwn("r2", "no-op", 2)]).says,
    "r2 executed slot 2 twice (no-op the second time)",
  );
});

test("different replicas may execute the same slot and request", (t) => {
  t.is(judge(integrity, [executed("r1", "A"), executed("r2", "A"), executed("r3", "A")]).verdict, "holds");
});

test("once violated it stays violated, and tells the first offence", (t) => {
  const events = [executed("r1", "A"), executed("r1", "A"), executed("r1", "B"), executed("r1", "B", 2)];
  t.is(judge(integrity, events).says, "r1 executed slot 1 twice (A the second time)");
});

test("integrity: nodes that are not correct replicas, and other events, are not looked at", (t) => {
  const custom: Seen = ["r1", { kind: "custom", name: "something-else", data: null }];
  const events = [
    executed("r0", "A"),
    executed("r0", "A"),
    accepted("c0", "A", "x"),
    invoked("c0", "A"),
    custom,
  ];
  t.deepEqual(judge(integrity, events), { verdict: "holds", exercised: 0 });
});
