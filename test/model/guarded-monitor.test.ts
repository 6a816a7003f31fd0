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

test("a monitor that is an instance of a class may have fields of its own", (t) => {
  class Counting {
    readonly init = 0;
    readonly most: number;
    constructor(most: number) {
      this.most = most;
    }
    on(count: number) {
      return count + 1;
    }
    verdict(count: number) {
      return count > this.most ? "violated" : "holds";
    }
    exercised(count: number) {
      return count;
    }
    explain() {
      return "too many";
    }
  }
  const config = { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false };
  const property = { ...agreement, monitor: () => new Counting(2) } as unknown as Property;
  t.notThrows(() => guardedMonitor(property, { config, correct: ["r0"], issued: [] }));
});
