import test from "ava";
import { agreement } from "../../properties/index.js";
import { guardedMonitor } from "../../src/model/guarded-monitor.js";
import type { Property } from "../../src/protocol/index.js";

test("a part of a monitor that is missing, misspelt or something else is named, with what it has to be", (t) => {
  const facts = {
    config: { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false },
    correct: ["r0"],
    issued: [],
  };
  const whole = agreement.monitor(facts);
  t.notThrows(() => guardedMonitor(agreement, facts));
  const { on, ...others } = whole;
  const { init: _, ...withoutInit } = whole;
  for (const [monitor, message] of [
    [{ ...whole, on: 5 }, "`on` has to be a function."],
    [
      { ...others, onn: on },
      'a monitor has no part "onn". Did you mean "on"? There are: init, on, verdict, exercised, explain.',
    ],
    [others, "`on` is missing: a monitor needs it, and it has to be a function."],
    [withoutInit, "`init` is missing: a monitor needs it."],
    [null, "it is null."],
  ] as const) {
    const property = { ...agreement, monitor: () => monitor } as unknown as Property;
    const wrong = `monitor() of the property agreement must give a monitor: ${message}`;
    t.throws(() => guardedMonitor(property, facts), { code: "property-threw", message: wrong });
  }
});
