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
