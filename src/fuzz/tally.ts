// Counts the executions of a run, as a property: a monitor over the events of correct replicas, because a
// protocol shows nothing but events. It is never violated and appears in no report.

import { monitor, type Property } from "../protocol/index.js";

/** Its `exercised` is the number of executions by correct replicas. */
export const tally: Property = {
  name: "executions",
  summary: "counts executions",
  kind: "always",
  observes: "both",
  exercise: "a correct replica must have executed a request",
  monitor: () =>
    monitor<number>({
      init: 0,
      on: (executions, _by, event) => (event.kind === "executed" ? executions + 1 : executions),
      verdict: () => "holds",
      exercised: (executions) => executions,
      explain: (executions) => `${executions} executions`,
    }),
};
