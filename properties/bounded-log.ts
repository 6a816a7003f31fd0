// Bounded log (safety): no replica executes beyond the window above its last stable checkpoint.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = {
  readonly stable: { readonly [replica: string]: number };
  readonly moved: number;
  readonly offence: string | null;
};

/**
 * A correct replica executes no slot above the high watermark: its last stable checkpoint plus the window
 * (OSDI'99, section 4.3: H = h + k). So its log stays bounded. Does not apply without checkpoints.
 */
export const boundedLog: Property = {
  name: "bounded-log",
  summary: "no correct replica executes a slot beyond the window above its last stable checkpoint",
  kind: "always",
  observes: "replicas",
  appliesTo: ({ checkpointInterval }) => checkpointInterval !== undefined,
  exercise: "a correct replica must have executed a slot after a checkpoint became stable",
  hears: hearing("executed", "stable"),
  monitor: ({ correct, config }) => {
    const { checkpointInterval } = config;
    const window = checkpointInterval && (config.window ?? 2 * checkpointInterval);
    return monitor<Seen>({
      init: { stable: {}, moved: 0, offence: null },
      on: (state, by, event) => {
        if (!window || !correct.includes(by)) return state;
        const stable = state.stable[by] ?? 0;
        if (event.kind === "custom" && event.name === "stable") {
          const { slot } = event.data as { readonly slot: number };
          return { ...state, stable: { ...state.stable, [by]: slot } };
        }
        if (event.kind !== "executed") return state;
        const { slot } = event;
        const beyond =
          slot > stable + window
            ? `${by} executed slot ${slot}, and its window ends at ${stable + window}`
            : null;
        return { ...state, moved: stable > 0 ? 1 : state.moved, offence: state.offence ?? beyond };
      },
      verdict: (state) => (state.offence === null ? "holds" : "violated"),
      exercised: (state) => state.moved,
      explain: (state) => state.offence ?? "nobody went beyond its window",
    });
  },
};
