// Everybody executes everything that was issued.

import test from "ava";
import { allExecute } from "../../properties/index.js";
import { executed, facts } from "./support.js";

const monitor = allExecute.monitor(facts(false));

function after(...events: readonly (readonly [string, ReturnType<typeof executed>[1]])[]) {
  return events.reduce((state, [by, event]) => monitor.on(state, by, event), monitor.init);
}

test("it waits until the last correct replica has executed the last request", (t) => {
  const { correct, issued } = facts(false);
  const all = correct.flatMap((replica) => issued.map((request) => executed(replica, request)));
  t.is(monitor.verdict(after(...all.slice(0, -1))), "pending");
  t.is(monitor.verdict(after(...all)), "holds");
  t.is(monitor.exercised(after(...all)), all.length);
});

test("executing something twice, or something that was not issued, is no progress", (t) => {
  const { correct, issued } = facts(false);
  const once = executed(correct[0]!, issued[0]!);
  t.is(monitor.exercised(after(once, once, executed(correct[0]!, "nobody's"))), 1);
});

test("it says who is behind", (t) => {
  const { correct, issued } = facts(false);
  t.is(
    monitor.explain(monitor.init),
    `${correct.length} correct replicas have not executed everything; ${correct[0]} lacks ${issued[0]}`,
  );
});

test("who installs the state of others has executed what they had, and no more", (t) => {
  const executions = [
    executed("r1", "A", 1),
    executed("r2", "A", 1),
    executed("r1", "B", 2),
    executed("r2", "B", 2),
  ];
  const installed = (length: number) =>
    after(...executions, ["r3", { kind: "custom", name: "state-installed", data: length }]);
  t.is(monitor.verdict(installed(2)), "holds");
  t.is(monitor.explain(installed(1)), "1 correct replica has not executed everything; r3 lacks B");
  t.is(monitor.exercised(installed(2)), 4);
});

test("a node that is no replica executes nothing; where a protocol has other names, all nodes do", (t) => {
  const about = facts(false);
  const init = (correct: readonly string[]) => allExecute.monitor({ ...about, correct }).init;
  t.deepEqual(init([...about.correct, "intruder"]), monitor.init);
  t.deepEqual(Object.keys((init(["left", "right"]) as { missing: object }).missing), ["left", "right"]);
});
