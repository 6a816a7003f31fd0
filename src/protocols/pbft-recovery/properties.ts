// What proactive recovery promises besides agreement: that whoever has recovered has the right state, and that a recovery ends.

import { hearing, monitor, type Property } from "../../protocol/index.js";

type Seen = {
  /** Slot -> the state that somebody had there. */
  readonly states: { readonly [slot: string]: string };
  readonly hasRecovered: boolean;
  readonly offence: string | null;
};

/** Correct replicas have the same state at each checkpoint, and one that has recovered is a correct one. */
export const statesAgree: Property = {
  name: "states-agree",
  summary: "correct replicas, recovered ones among them, have the same state at each checkpoint",
  kind: "always",
  observes: "replicas",
  exercise: "a replica must have recovered",
  hears: hearing("checkpoint", "stable", "recovered"),
  monitor: () =>
    monitor<Seen>({
      init: { states: {}, hasRecovered: false, offence: null },
      on: (seen, by, event) => {
        if (event.kind !== "custom") return seen;
        if (event.name === "recovered") return { ...seen, hasRecovered: true };
        if (event.name !== "checkpoint" && event.name !== "stable") return seen;
        const { slot, digest } = event.data as { readonly slot: number; readonly digest: string };
        const known = seen.states[slot];
        if (known === undefined) return { ...seen, states: { ...seen.states, [slot]: digest } };
        if (known === digest || seen.offence !== null) return seen;
        return {
          ...seen,
          offence: `at slot ${slot} ${by} has the state ${digest}, and others have ${known}`,
        };
      },
      verdict: ({ offence }) => (offence === null ? "holds" : "violated"),
      exercised: ({ hasRecovered }) => (hasRecovered ? 1 : 0),
      explain: ({ offence }) => offence ?? "all checkpoints agree",
    }),
};

/** The replica that was in the attacker's hands eventually counts as recovered. */
export const recoveryCompletes: Property = {
  name: "recovery-completes",
  summary: "the replica that restarts recovers in the end",
  kind: "eventually",
  observes: "replicas",
  servesAll: false,
  exercise: "the replica must have recovered",
  hears: hearing("recovered"),
  monitor: () =>
    monitor<boolean>({
      init: false,
      on: (done, _by, event) => done || (event.kind === "custom" && event.name === "recovered"),
      verdict: (done) => (done ? "holds" : "pending"),
      exercised: (done) => (done ? 1 : 0),
      explain: () => "the replica that restarted has not recovered",
    }),
};
