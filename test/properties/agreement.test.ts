import test from "ava";
import { agreement } from "../../properties/index.js";
import { accepted, committedAgain, executed, invoked, judge, type Seen } from "./support.js";

test("before anything is executed nothing has been compared", (t) => {
  t.deepEqual(judge(agreement, []), { verdict: "holds", exercised: 0 });
});

test("what one replica executes alone is compared with nothing", (t) => {
  t.deepEqual(judge(agreement, [executed("r1", "A"), executed("r1", "B", 2)]), {
    verdict: "holds",
    exercised: 0,
  });
});

test("replicas that execute the same requests at the same slots agree, one comparison a pair and slot", (t) => {
  const a = ["r1", "r2", "r3"].map((by) => executed(by, "A"));
  t.deepEqual(judge(agreement, a), { verdict: "holds", exercised: 3 });
  const b = ["r1", "r3"].map((by) => executed(by, "B", 2));
  t.deepEqual(judge(agreement, [...a, ...b]), { verdict: "holds", exercised: 4 });
});

test("different requests at one slot violate it", (t) => {
  t.deepEqual(judge(agreement, [executed("r1", "A"), executed("r3", "B")]), {
    verdict: "violated",
    exercised: 1,
    says: "r1 executed A at slot 1, but r3 executed B there",
  });
});

test("the same requests in another order violate it, even if no slot was executed by both", (t) => {
  const events = [executed("r1", "A", 1, 1), executed("r2", "B", 2, 1)];
  t.deepEqual(judge(agreement, events), {
    verdict: "violated",
    exercised: 0,
    says: "r1 executed A as request number 1, but r2 executed B as number 1",
  });
});

test("one log may be longer than another: a prefix is enough", (t) => {
  const events = [executed("r1", "A"), executed("r1", "B", 2), executed("r2", "A")];
  t.is(judge(agreement, events).verdict, "holds");
});

test("slots without an execution (null requests) do not matter", (t) => {
  const events = [executed("r1", "A", 3, 1), executed("r2", "A", 3, 1)];
  t.deepEqual(judge(agreement, events), { verdict: "holds", exercised: 1 });
});

test("once violated it stays violated, whatever is executed later", (t) => {
  const events = [executed("r1", "A"), executed("r2", "B"), executed("r2", "A"), executed("r1", "B")];
  t.is(judge(agreement, events).says, "r1 executed A at slot 1, but r2 executed B there");
});

test("nodes that are not correct replicas, and other events, are not looked at", (t) => {
  const events = [executed("r1", "A"), executed("r0", "B"), accepted("c0", "B", "x"), invoked("c1", "B")];
  t.deepEqual(judge(agreement, [...events, committedAgain("r1")]), { verdict: "holds", exercised: 0 });
});

test("a replica that has lost its state executes from the beginning, and has to execute the same", (t) => {
  const lost: Seen = ["r2", { kind: "custom", name: "state-lost", data: null }];
  const before = [executed("r1", "A"), executed("r1", "B", 2), executed("r2", "A")];
  const again = (request: string) => judge(agreement, [...before, lost, executed("r2", request)]);
  t.is(judge(agreement, [...before, executed("r2", "A")]).verdict, "violated", "nobody executes A twice");
  t.is(again("A").verdict, "holds");
  t.like(again("B"), {
    verdict: "violated",
    says: "r1 executed A as request number 1, but r2 executed B as number 1",
  });
});
