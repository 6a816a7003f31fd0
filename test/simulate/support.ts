// One simulation in a line: the defaults with something changed.

import { defaults } from "../../src/simulate/raw-options.js";
import { type SimulationResult, simulate } from "../../src/simulate/result.js";
import type { Parameters } from "../../src/simulate/setting.js";

/** f is the largest that n allows, unless given. */
export function run(changes: Partial<Parameters> = {}): Promise<SimulationResult> {
  const replicas = changes.replicas ?? defaults.replicas;
  return simulate({ ...defaults, replicas, faults: Math.floor((replicas - 1) / 3), ...changes });
}

export const constant = (ms: number) => ({ kind: "constant", ms }) as const;
