// Checkpoint agreement (safety): correct replicas have the same state at each checkpoint.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = {
  /**
   * Slot -> the digests of correct replicas' checkpoints there, each with the first replica that took it or
   * held it to be stable.
   */
  readonly digests: { readonly [slot: string]: { readonly [digest: string]: string } };
  readonly stabilized: number;
  readonly offence: string | null;
};

/**
 * No two correct replicas take, or hold to be stable, checkpoints with different digests at one slot
 * (OSDI'99, section 4.3). Protocols emit custom events with `{ slot, digest }`: `checkpoint` when one is
 * taken, `stable` when it is known to be stable and the replica has its state.
 */
export const checkpointAgreement: Property = {
  name: "checkpoint-agreement",
  summary: "correct replicas have the same state at each checkpoint",
  kind: "always",
  observes: "replicas",
  appliesTo: ({ checkpointInterval }) => checkpointInterval !== undefined,
  exercise: "a checkpoint must have become stable at a correct replica",
  hears: hearing("checkpoint", "stable"),
  monitor: ({ correct }) =>
    monitor<Seen>({
      init: { digests: {}, stabilized: 0, offence: null },
      on: (state, by, event) => {
        if (event.kind !== "custom" || !correct.includes(by)) return state;
        if (event.name !== "checkpoint" && event.name !== "stable") return state;
        const { slot, digest } = event.data as { readonly slot: number; readonly digest: string };
        const known = state.digests[slot] ?? {};
        const other = Object.keys(known).find((one) => one !== digest);
        const differs =
          other === undefined
            ? null
            : `at slot ${slot} ${by} has the state ${digest}, but ${known[other]} has ${other}`;
        const digests = known[digest]
          ? state.digests
          : { ...state.digests, [slot]: { ...known, [digest]: by } };
        const stabilized = event.name === "stable" ? 1 : state.stabilized;
        return { digests, stabilized, offence: state.offence ?? differs };
      },
      verdict: (state) => (state.offence === null ? "holds" : "violated"),
      exercised: (state) => state.stabilized,
      explain: (state) => state.offence ?? "all checkpoints agree",
    }),
};
