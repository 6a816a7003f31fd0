// Termination (liveness): every correct replica decides, however many requests are proposed.

import { hearing, monitor, type Property, replicaIds } from "../src/protocol/index.js";

/**
 * Every correct replica eventually executes a request at slot 1: the termination of consensus on one value.
 * Several values may be proposed; one is enough. Where every request must be executed, see `all-execute`.
 */
export const termination: Property = {
  name: "termination",
  summary: "every correct replica eventually decides",
  kind: "eventually",
  observes: "replicas",
  servesAll: false,
  exercise: "a correct replica must have decided",
  hears: hearing("executed"),
  monitor: (facts) => {
    const correct = facts.correct.filter((id) => replicaIds(facts.config).includes(id));
    return monitor<readonly string[]>({
      init: [],
      on: (decided, by, event) =>
        event.kind !== "executed" || event.slot !== 1 || decided.includes(by) || !correct.includes(by)
          ? decided
          : [...decided, by].sort(),
      verdict: (decided) => (decided.length === correct.length ? "holds" : "pending"),
      exercised: (decided) => decided.length,
      explain: (decided) => {
        const left = correct.filter((id) => !decided.includes(id));
        return `${left.length} of ${correct.length} correct replicas have not decided, ${left[0]} among them`;
      },
    });
  },
};
