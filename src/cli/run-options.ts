// The options of one run of `turncoat check`: from what was typed, and what the suite says.

import type { Identity } from "../identity/identity.js";
import type { Json } from "../protocol/index.js";
import type { PlannedRun } from "../suite/plan.js";
import type { RunOptions } from "../suite/side-by-side.js";

/** The options of `check` that say how a run is made, and where to put what comes of it. */
export interface RunningOptions {
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemory?: number;
  readonly maxDepth?: number;
  readonly maxViolations?: number;
  /** Goes on past violations. */
  readonly continue?: boolean;
  readonly workers?: number;
  readonly explain?: boolean;
  readonly resume?: string;
  readonly traces: string;
  /** Where finished verdicts are kept, and taken from. Default: nowhere. */
  readonly cache?: string;
  /** See `reductions`. */
  readonly reduce?: readonly string[];
}

/** A run with its name and its place. */
export interface NamedRun {
  readonly suite: number;
  readonly planned: PlannedRun;
  readonly name: string;
  readonly identity: Identity;
  readonly checkpointFile: string | null;
}

export function optionsOf(
  { planned, identity, checkpointFile }: NamedRun,
  options: RunningOptions,
): RunOptions {
  return {
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
    ...(options.maxSeconds === undefined ? {} : { maxSeconds: options.maxSeconds }),
    ...(options.maxMemory === undefined ? {} : { maxMemoryBytes: options.maxMemory }),
    ...(options.maxViolations === undefined ? {} : { maxViolations: options.maxViolations }),
    ...(options.continue && { pastViolations: true }),
    ...(options.explain === undefined ? {} : { explain: options.explain }),
    ...(options.maxDepth === undefined ? {} : { maxDepth: options.maxDepth }),
    ...reductionOf(planned, options),
    ...(checkpointFile === null || options.continue
      ? {}
      : {
          checkpoint: { file: checkpointFile, setting: planned.description as unknown as Json, identity },
          resume: options.resume !== undefined,
        }),
  };
}

/** Of those that say which states are stored, the strongest first: it includes the others. */
const storing = ["dominance", "visible-steps", "sleep-sets"] as const;

/** `--reduce` goes before what a suite asks for. */
function reductionOf({ reduction }: PlannedRun, { reduce }: RunningOptions): RunOptions {
  const noTallies = reduce?.includes("no-tallies") ? ({ tallies: "never" } as const) : {};
  const asked = reduce?.filter((name) => name !== "no-tallies") ?? [];
  if (asked.length > 0)
    return {
      ...noTallies,
      reduction: storing.find((name) => asked.includes(name)) ?? "none",
      deadMessages: asked.includes("dead-messages"),
      symmetry: asked.includes("symmetry"),
    };
  return { ...noTallies, ...(reduction !== null && { reduction }) };
}
