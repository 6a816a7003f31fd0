// What every property owes, whatever it is about.

import test from "ava";
import { builtinProperties } from "../../src/catalogue.js";
import { deepFreeze } from "../../src/model/intern.js";
import type { Json } from "../../src/protocol/index.js";
import { accepted, committedAgain, executed, facts, invoked } from "./support.js";

const events = [
  invoked("c0", "A"),
  executed("r1", "A"),
  executed("r2", "A"),
  committedAgain("r1"),
  accepted("c0", "A", "A@1"),
  executed("r2", "B"),
];

for (const property of builtinProperties) {
  for (const clients of [false, true]) {
    const monitor = property.monitor(facts(clients));
    const states: Json[] = [monitor.init];
    for (const [by, event] of events) states.push(monitor.on(deepFreeze(states.at(-1)!), by, event));
    const where = clients ? "with clients" : "without clients";

    test(`${property.name}, ${where}: starts with nothing violated and nothing exercised`, (t) => {
      // Where requests are issued at the start, somebody may have to execute them.
      t.is(monitor.verdict(monitor.init), property.name === "all-execute" && !clients ? "pending" : "holds");
      t.is(monitor.exercised(monitor.init), 0);
    });

    test(`${property.name}, ${where}: its states are JSON, so they can be interned`, (t) => {
      for (const state of states) t.deepEqual(JSON.parse(JSON.stringify(state)), state);
    });

    test(`${property.name}, ${where}: what has been exercised stays exercised`, (t) => {
      const counts = states.map((state) => monitor.exercised(state));
      t.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
      );
    });
  }
}

test("`always` properties are never pending, `eventually` properties never violated", (t) => {
  for (const property of builtinProperties) {
    const monitor = property.monitor(facts(true));
    const forbidden = property.kind === "always" ? "pending" : "violated";
    let state = monitor.init;
    for (const [by, event] of events) {
      state = monitor.on(state, by, event);
      t.not(monitor.verdict(state), forbidden, property.name);
    }
  }
});
