// Checkpoint agreement (safety): what correct replicas hold to be stable is what correct replicas have computed.

import { monitor, type Property } from "../src/protocol/index.js";

type Seen = {
  /** Slot -> the digests of correct replicas' checkpoints there, each with who has taken it or holds it to be stable. */
  readonly digests: { readonly [slot: string]: { readonly [digest: string]: string } };
  /** The last stable checkpoint of each replica. */
  readonly stable: { readonly [replica: string]: number };
  readonly stabilized: number;
  readonly offence: string | null;
};

/**
 * No two correct replicas take, or hold to be stable, checkpoints with different digests at one slot; and nobody's last stable
 * checkpoint ever goes back. (OSDI'99, section 4.3.) Protocols say so with custom events: `checkpoint` when one is taken,
 * `stable` when it is known to be stable, both with `{ slot, digest }`.
 */
export const checkpointAgreement: Property = {
  name: "checkpoint-agreement",
  summary: "correct replicas have the same state at each checkpoint, and never lose a stable one",
  kind: "always",
  observes: "replicas",
  appliesTo: ({ checkpointInterval }) => checkpointInterval !== undefined,
  exercise: "a checkpoint must have become stable at a correct replica",
  monitor: ({ correct }) =>
    monitor<Seen>({
      init: { digests: {}, stable: {}, stabilized: 0, offence: null },
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
        if (event.name === "checkpoint") return { ...state, digests, offence: state.offence ?? differs };
        const before = state.stable[by] ?? 0;
        const lost =
          slot < before ? `${by} went back from the stable checkpoint at slot ${before} to ${slot}` : null;
        return {
          digests,
          stable: { ...state.stable, [by]: slot },
          stabilized: 1,
          offence: state.offence ?? differs ?? lost,
        };
      },
      verdict: (state) => (state.offence === null ? "holds" : "violated"),
      exercised: (state) => state.stabilized,
      explain: (state) => state.offence ?? "all checkpoints agree",
    }),
};
