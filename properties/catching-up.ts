// Catching up (reachability): some replica really uses state transfer within the bounds.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

/**
 * Some correct replica installs the state of others (a custom event `state-installed`), and executes a
 * request afterwards. A check of state transfer in which this never happens tests nothing.
 */
export const catchingUp: Property = {
  name: "catching-up",
  summary: "some replica that fell behind takes over the state of others and goes on",
  kind: "sometimes",
  observes: "replicas",
  appliesTo: () => false, // a question about a setting, to be asked by name
  exercise: "a correct replica must have executed a request after it took over state",
  hears: hearing("executed", "state-installed"),
  monitor: ({ correct }) =>
    monitor<{ readonly installed: readonly string[]; readonly met: boolean }>({
      init: { installed: [], met: false },
      on: (state, by, event) => {
        if (state.met || !correct.includes(by)) return state;
        if (event.kind === "custom" && event.name === "state-installed")
          return { ...state, installed: [...new Set([...state.installed, by])].sort() };
        return event.kind === "executed" && state.installed.includes(by) ? { ...state, met: true } : state;
      },
      verdict: ({ met }) => (met ? "holds" : "pending"),
      exercised: ({ met }) => (met ? 1 : 0),
      explain: () => "nobody has taken over state and gone on",
    }),
};
