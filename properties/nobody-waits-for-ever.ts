// Liveness as correct primaries see it: no client brings them down. A replica that waits for a request which is never executed
// leaves the view in the end, whoever leads it.

import { monitor, type Property } from "../src/protocol/index.js";

type Seen = { readonly waiting: readonly string[]; readonly waited: boolean };

/**
 * Whatever a correct replica waits for comes in the end (OSDI'99, section 4.4: its timer stops). Protocols say with a custom event
 * named `waiting` when they begin (true) and stop (false). Owed where all replicas are correct, and clients are not: a Byzantine
 * replica can leave one correct replica behind for ever, which does no harm. So it is asked for by name.
 */
export const nobodyWaitsForEver: Property = {
  name: "nobody-waits-for-ever",
  summary: "no correct replica waits for a request, or a view, that never comes",
  kind: "eventually",
  observes: "clients",
  exercise: "a correct replica must have waited for something",
  monitor: () =>
    monitor<Seen>({
      init: { waiting: [], waited: false },
      on: (state, by, event) => {
        if (event.kind !== "custom" || event.name !== "waiting") return state;
        const others = state.waiting.filter((id) => id !== by);
        return { waiting: event.data ? [...others, by].sort() : others, waited: true };
      },
      verdict: ({ waiting }) => (waiting.length > 0 ? "pending" : "holds"),
      exercised: ({ waited }) => (waited ? 1 : 0),
      explain: ({ waiting }) => `${waiting.join(", ")} still ${waiting.length === 1 ? "waits" : "wait"}`,
    }),
};
