// Clients are served: the liveness that PBFT guarantees. It does not guarantee that every correct replica
// decides: without state transfer a replica may stay behind once a quorum has executed a request and its
// client has the answer.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = { readonly waiting: readonly string[]; readonly served: readonly string[] };

/**
 * Every request that a client submits is eventually accepted (f+1 matching replies). OSDI'99, sections 4.1,
 * 4.5.2.
 */
export const clientsAreServed: Property = {
  name: "clients-are-served",
  summary: "every client that submits a request eventually accepts a result",
  kind: "eventually",
  observes: "clients",
  exercise: "a client must have accepted a result",
  hears: hearing("invoked", "accepted"),
  monitor: () =>
    monitor<Seen>({
      init: { waiting: [], served: [] },
      on: ({ waiting, served }, _by, event) => {
        if (event.kind === "invoked") return { waiting: [...waiting, event.request].sort(), served };
        if (event.kind !== "accepted") return { waiting, served };
        return {
          waiting: waiting.filter((request) => request !== event.request),
          served: [...served, event.request].sort(),
        };
      },
      verdict: ({ waiting }) => (waiting.length > 0 ? "pending" : "holds"),
      exercised: ({ served }) => served.length,
      explain: ({ waiting }) => `the client of ${waiting.join(", ")} still waits`,
    }),
};
