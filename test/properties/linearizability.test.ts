import test from "ava";
import { linearizability } from "../../properties/index.js";
import { accepted, facts, invoked, judge, type Seen } from "./support.js";

const about = facts(true);
const see = (...events: readonly Seen[]) => judge(linearizability, events, about);
const [askA, askB] = [invoked("c0", "c0:1:A"), invoked("c1", "c1:1:B")];
const A = (position: number) => accepted("c0", "c0:1:A", `A@${position}`);
const B = (position: number) => accepted("c1", "c1:1:B", `B@${position}`);

test("two requests at a time may be answered in either order", (t) => {
  t.deepEqual(see(askA, askB, A(2), B(1)), { verdict: "holds", exercised: 1 });
  t.deepEqual(see(askA, askB, A(1), B(2)), { verdict: "holds", exercised: 1 });
});

test("one answer puts nothing to the test", (t) => {
  t.deepEqual(see(askA, A(1)), { verdict: "holds", exercised: 0 });
});

test("a request that is made after an answer comes after it in the log", (t) => {
  t.is(see(askA, A(1), askB, B(2)).verdict, "holds");
  t.is(see(askA, askB, A(2), B(1)).verdict, "holds");
  t.deepEqual(see(askA, A(2), askB, B(1)), {
    verdict: "violated",
    exercised: 1,
    says: "c0:1:A was answered A@2 before c1:1:B was made, which got B@1",
  });
});

test("no position is given twice", (t) => {
  t.is(
    (see(askA, askB, A(1), B(1)) as { says: string }).says,
    "c0:1:A and c1:1:B were both answered that they are number 1",
  );
});

test("what had not been asked for cannot have come first", (t) => {
  t.is(see(askA, askB, A(2)).verdict, "holds", "B may be number 1, and is not answered yet");
  t.deepEqual(see(askA, A(2)), {
    verdict: "violated",
    exercised: 0,
    says: "c0:1:A was answered A@2, but nothing that had been asked can be number 1",
  });
});

test("with Byzantine clients, whose requests nobody sees, there may be gaps", (t) => {
  const withoutC1 = { ...about, correct: about.correct.filter((id) => id !== "c1") };
  t.is(judge(linearizability, [askA, A(2)], withoutC1).verdict, "holds");
});

test("an answer to something else is none", (t) => {
  t.is(
    (see(askA, accepted("c0", "c0:1:A", "B@1")) as { says: string }).says,
    'c0:1:A was answered "B@1", which is no answer to it',
  );
});

test("a read is answered how long the log is, and takes no place in it", (t) => {
  const [write, read] = [invoked("c0", "c0:1:A"), invoked("c1", "c1:1:read")];
  const answer = (length: number) => accepted("c1", "c1:1:read", `read@${length}`);
  t.is(see(write, A(1), read, answer(1)).verdict, "holds");
  t.is(see(read, write, A(1), answer(0)).verdict, "holds", "they overlap");
  t.deepEqual(see(write, A(1), read, answer(0)), {
    verdict: "violated",
    exercised: 1,
    says: "c0:1:A was answered A@1 before c1:1:read was made, which got read@0",
  });
  t.is(
    (see(read, answer(1)) as { says: string }).says,
    "c1:1:read was answered read@1, but nothing that had been asked can be number 1",
  );
  t.is(see(read, answer(0), write, A(1)).verdict, "holds");
});

test("a read does not go back behind another one", (t) => {
  const [first, second] = [invoked("c1", "c1:1:read"), invoked("c1", "c1:2:read")];
  const events = [askA, first, accepted("c1", "c1:1:read", "read@1"), second];
  t.is(see(...events, accepted("c1", "c1:2:read", "read@1")).verdict, "holds");
  t.is(see(...events, accepted("c1", "c1:2:read", "read@0")).verdict, "violated");
});
