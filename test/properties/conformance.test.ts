// What every property owes, whatever it is about.

import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { builtinProperties } from "../../src/catalogue/index.js";
import { deepFreeze } from "../../src/model/plain-json.js";
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
      // Somebody has to decide; where requests are issued at the start, somebody has to execute them.
      const waits =
        property.kind === "sometimes" ||
        property.name === "termination" ||
        (property.name === "all-execute" && !clients);
      t.is(monitor.verdict(monitor.init), waits ? "pending" : "holds");
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

for (const property of builtinProperties.filter(({ part }) => part !== undefined))
  testProp(
    `${property.name}, part by part, says the same as as a whole`,
    [fc.array(fc.constantFrom(...events, executed("r3", "Z"), accepted("c1", "B", "B@7"))), fc.boolean()],
    (t, shown, clients) => {
      const monitor = property.monitor(facts(clients));
      const whole = shown.reduce((state, [by, event]) => monitor.on(state, by, event), monitor.init);
      const parts = new Map<string, Json>();
      for (const [by, event] of shown) {
        const part = property.part!(event);
        if (part !== null) parts.set(part, monitor.on(parts.get(part) ?? monitor.init, by, event));
      }
      const states = [...parts.values()];
      t.is(
        states.some((state) => monitor.verdict(state) === "violated"),
        monitor.verdict(whole) === "violated",
      );
      t.is(
        states.some((state) => monitor.exercised(state) > 0),
        monitor.exercised(whole) > 0,
      );
    },
  );
