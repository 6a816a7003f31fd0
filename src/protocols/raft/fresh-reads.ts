// The property of reads that are not in the log: linearizability, as far as it is about them (the log orders everything else).

import { hearing, monitor, type Property } from "../../protocol/index.js";

type Seen = {
  /** How much of the log somebody has committed: so many clients have been answered. */
  readonly committed: number;
  /** By server: how much was committed when the read was asked that it has to answer. */
  readonly since: { readonly [server: string]: number };
  readonly answered: number;
  readonly stale: string | null;
};

/** A read returns everything that was committed before it was asked. */
export const readsAreFresh: Property = {
  name: "reads-are-fresh",
  summary: "a read returns everything that was committed before it was asked",
  kind: "always",
  observes: "replicas",
  exercise: "a read must have been answered where something was committed before",
  hears: hearing("commit", "read-asked", "read"),
  monitor: () =>
    monitor<Seen>({
      init: { committed: 0, since: {}, answered: 0, stale: null },
      on: (seen, by, event) => {
        if (event.kind !== "custom") return seen;
        if (event.name === "commit") {
          const { log } = event.data as { readonly log: readonly unknown[] };
          return { ...seen, committed: Math.max(seen.committed, log.length) };
        }
        if (event.name === "read-asked") return { ...seen, since: { ...seen.since, [by]: seen.committed } };
        if (event.name !== "read") return seen;
        const { index } = event.data as { readonly index: number };
        const before = seen.since[by] ?? 0;
        const stale = index < before ? `${by} returns ${index} of the ${before} entries` : null;
        return {
          ...seen,
          answered: Math.max(seen.answered, before > 0 ? 1 : 0),
          stale: seen.stale ?? stale,
        };
      },
      verdict: ({ stale }) => (stale === null ? "holds" : "violated"),
      exercised: ({ answered }) => answered,
      explain: ({ stale }) =>
        stale === null ? "all reads are fresh" : `${stale} that were committed when the read was asked`,
    }),
};
