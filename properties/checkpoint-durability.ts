// Checkpoint durability (safety): a stable checkpoint is never lost, because enough correct replicas have its
// state.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = {
  /** `slot digest` -> the correct replicas that have had that state. */
  readonly holders: { readonly [checkpoint: string]: readonly string[] };
  /** The last stable checkpoint of each replica. */
  readonly stable: { readonly [replica: string]: number };
  readonly stabilized: number;
  readonly offence: string | null;
};

/**
 * When a correct replica holds a checkpoint to be stable, and so discards what came before, f+1 correct
 * replicas have that state: 2f+1 have announced it (OSDI'99, section 4.3). Whoever needs it can get it,
 * although f of them may crash or be slow. And no replica's last stable checkpoint ever goes back. The events
 * are those of checkpoint agreement.
 */
export const checkpointDurability: Property = {
  name: "checkpoint-durability",
  summary: "f+1 correct replicas have the state of a stable checkpoint, and nobody goes back behind one",
  kind: "always",
  observes: "replicas",
  appliesTo: ({ checkpointInterval }) => checkpointInterval !== undefined,
  exercise: "a checkpoint must have become stable at a correct replica",
  hears: hearing("checkpoint", "stable"),
  monitor: ({ correct, config }) =>
    monitor<Seen>({
      init: { holders: {}, stable: {}, stabilized: 0, offence: null },
      on: (state, by, event) => {
        if (event.kind !== "custom" || !correct.includes(by)) return state;
        if (event.name !== "checkpoint" && event.name !== "stable") return state;
        const { slot, digest } = event.data as { readonly slot: number; readonly digest: string };
        const key = `${slot} ${digest}`;
        const known = state.holders[key] ?? [];
        if (event.name === "checkpoint") {
          const holders = { ...state.holders, [key]: [...new Set([...known, by])].sort() };
          return { ...state, holders };
        }
        const before = state.stable[by] ?? 0;
        const lost =
          slot < before ? `${by} went back from the stable checkpoint at slot ${before} to ${slot}` : null;
        const rare =
          known.length <= config.faults
            ? `${by} holds the checkpoint at slot ${slot} to be stable, and only ${known.length} correct replicas have it`
            : null;
        const offence = state.offence ?? lost ?? rare;
        return { ...state, stable: { ...state.stable, [by]: slot }, stabilized: 1, offence };
      },
      verdict: (state) => (state.offence === null ? "holds" : "violated"),
      exercised: (state) => state.stabilized,
      explain: (state) => state.offence ?? "every stable checkpoint is in enough hands",
    }),
};
