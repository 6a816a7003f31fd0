// A property's monitor as it is called: what it throws becomes a UserError that names the property. Every monitor is made here, so
// that none is called otherwise.

import type { Monitor, Property, RunFacts } from "../protocol/index.js";
import { calling } from "./errors.js";

/** The monitor of a property for one run. @throws {UserError} `property-threw`, here and from each of its functions. */
export function guardedMonitor({ name, monitor: make }: Property, facts: RunFacts): Monitor {
  const guarded = <T>(what: string, call: () => T): T =>
    calling("property-threw", `${what} of the property ${name}`, call, name);
  const monitor = guarded("monitor()", () => make(facts));
  return {
    init: guarded("init", () => monitor.init),
    on: (state, by, event) =>
      calling("property-threw", `The property ${name}`, () => monitor.on(state, by, event), name),
    verdict: (state) => guarded("verdict()", () => monitor.verdict(state)),
    exercised: (state) => guarded("exercised()", () => monitor.exercised(state)),
    explain: (state) => guarded("explain()", () => monitor.explain(state)),
  };
}
