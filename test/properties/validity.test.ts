import test from "ava";
import { validity } from "../../properties/index.js";
import { accepted, committedAgain, executed, executedOwn, facts, invoked, judge } from "./support.js";

test("before anything is executed nothing has been tested", (t) => {
  t.deepEqual(judge(validity, []), { verdict: "holds", exercised: 0 });
});

test("a request that the environment issued may be executed", (t) => {
  t.deepEqual(judge(validity, [executed("r1", "A")]), { verdict: "holds", exercised: 1 });
});

test("a request that nobody issued violates it", (t) => {
  t.deepEqual(judge(validity, [executed("r1", "A"), executed("r2", "forged")]), {
    verdict: "violated",
    exercised: 1,
    says: "r2 executed forged, which no client asked for",
  });
});

test("where clients are nodes, a request counts as issued once its client has submitted it", (t) => {
  const withClients = facts(true);
  t.is(judge(validity, [invoked("c0", "A"), executed("r1", "A")], withClients).verdict, "holds");
  t.deepEqual(judge(validity, [executed("r1", "A"), invoked("c0", "A")], withClients), {
    verdict: "violated",
    exercised: 0,
    says: "r1 executed A, which no client asked for",
  });
});

test("a client may accept what one correct replica has answered", (t) => {
  const events = [invoked("c0", "A"), executed("r2", "A"), accepted("c0", "A", "A@1")];
  t.deepEqual(judge(validity, events, facts(true)), { verdict: "holds", exercised: 1 });
});

test("an execution alone does not exercise it where clients are nodes", (t) => {
  t.is(judge(validity, [invoked("c0", "A"), executed("r2", "A")], facts(true)).exercised, 0);
});

test("a result that no correct replica gave violates it", (t) => {
  const events = [invoked("c0", "A"), executed("r2", "A"), accepted("c0", "A", "forged")];
  t.deepEqual(judge(validity, events, facts(true)), {
    verdict: "violated",
    exercised: 1,
    says: 'c0 accepted the result "forged" for A, which no correct replica gave',
  });
});

test("a result of another request violates it", (t) => {
  const events = [invoked("c0", "A"), invoked("c1", "B"), executed("r2", "A"), accepted("c1", "B", "A@1")];
  t.is(
    judge(validity, events, facts(true)).says,
    'c1 accepted the result "A@1" for B, which no correct replica gave',
  );
});

test("the first offence is the one that is told", (t) => {
  t.is(
    judge(validity, [executed("r2", "X"), executed("r1", "Y"), accepted("c0", "A", "z")]).says,
    "r2 executed X, which no client asked for",
  );
});

test("an entry that the protocol made itself is no client's request, and does not exercise it", (t) => {
  const own = executedOwn("r2", "remove r1");
  t.deepEqual(judge(validity, [own]), { verdict: "holds", exercised: 0 });
  t.is(
    judge(validity, [own, executed("r2", "remove r1")]).says,
    "r2 executed remove r1, which no client asked for",
  );
});

test("custom events are not looked at", (t) => {
  t.deepEqual(judge(validity, [committedAgain("r1")]), { verdict: "holds", exercised: 0 });
});

test("what a Byzantine client asks for nobody sees, so it may be executed", (t) => {
  const withClients = facts(true);
  const withoutC1 = { ...withClients, correct: withClients.correct.filter((id) => id !== "c1") };
  t.is(judge(validity, [executed("r1", "c1:1:B")], withoutC1).verdict, "holds");
  t.is(judge(validity, [executed("r1", "c1:1:B")], withClients).verdict, "violated");
  t.is(judge(validity, [executed("r1", "c0:1:A")], withoutC1).verdict, "violated");
});
