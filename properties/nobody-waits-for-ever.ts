// Nobody waits for ever (liveness): no client can bring down a correct primary. A replica that waits for a
// request which is never executed eventually leaves the view, whoever leads it.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = { readonly waiting: readonly string[]; readonly waited: boolean };

/**
 * No correct replica waits for ever for a request that is never executed (OSDI'99, section 4.4: its timer
 * would never stop). Guaranteed only within view 0, where no timer fires, and with replicas that are correct
 * or silent: one whose timer fires too early leaves its view alone and may stay behind for ever, which is
 * harmless. So it is checked only when asked for by name.
 */
export const nobodyWaitsForEver: Property = {
  name: "nobody-waits-for-ever",
  summary: "no correct replica waits for ever for a request to be executed",
  kind: "eventually",
  observes: "clients",
  configures: { showsWaiting: true },
  exercise: "a correct replica must have waited for a request",
  hears: hearing("waiting"),
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
