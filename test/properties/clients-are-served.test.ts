import test from "ava";
import { clientsAreServed } from "../../properties/index.js";
import { accepted, executed, facts, invoked, judge } from "./support.js";

const withClients = facts(true);

test("without a request nothing is owed, and nothing has been tested", (t) => {
  t.deepEqual(judge(clientsAreServed, [], withClients), { verdict: "holds", exercised: 0 });
});

test("a submitted request makes the goal pending, and executing it is not enough", (t) => {
  t.deepEqual(judge(clientsAreServed, [invoked("c0", "A"), executed("r1", "A")], withClients), {
    verdict: "pending",
    exercised: 0,
    says: "the client of A still waits",
  });
});

test("it holds once the client has accepted a result", (t) => {
  t.deepEqual(judge(clientsAreServed, [invoked("c0", "A"), accepted("c0", "A", "A@1")], withClients), {
    verdict: "holds",
    exercised: 1,
  });
});

test("every client has to be served", (t) => {
  const events = [invoked("c1", "B"), invoked("c0", "A"), accepted("c1", "B", "B@1")];
  t.deepEqual(judge(clientsAreServed, events, withClients), {
    verdict: "pending",
    exercised: 1,
    says: "the client of A still waits",
  });
  t.is(judge(clientsAreServed, events.slice(0, 2), withClients).says, "the client of A, B still waits");
  t.deepEqual(judge(clientsAreServed, [...events, accepted("c0", "A", "A@2")], withClients), {
    verdict: "holds",
    exercised: 2,
  });
});
