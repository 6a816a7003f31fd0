// The options of one search of `turncoat check`: what the user typed, and what the suite says.

import type { Identity } from "../identity/identity.js";
import type { Json } from "../protocol/index.js";
import type { PlannedRun } from "../suite/plan.js";
import type { RunOptions } from "../suite/side-by-side.js";

/** The options of `check` about how a search runs, and where its results go. */
export interface RunningOptions {
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemory?: number;
  readonly maxDepth?: number;
  readonly maxViolations?: number;
  /** Whether the search goes on past violations. */
  readonly continue?: boolean;
  readonly workers?: number;
  readonly explain?: boolean;
  readonly resume?: string;
  readonly traces: string;
  /** The directory of the verdict cache. Default: no cache. */
  readonly cache?: string;
  /** See `reductions`. */
  readonly reduce?: readonly string[];
}

/** A planned run with its name, its suite and its files. */
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

/** The reductions that decide which states are stored, strongest first. A stronger one includes the weaker ones. */
const storing = ["dominance", "visible-steps", "sleep-sets"] as const;

/** The reduction of a run: `--reduce` overrides the suite. */
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
