// How large a run can be asked for. A number that no search or simulation could ever get through is refused at once: before nodes are made,
// placements counted or a trace replayed, each of which would take minutes only to fail.

import { flag } from "../parameters/parameter.js";
import { parameters } from "../parameters/search.js";
import type { Config } from "../protocol/index.js";
import { UserError } from "./errors.js";
import type { Bounds } from "./setting.js";

/** The largest values of a simulation, which has no bounds but its end. */
const simulated = { replicas: 2000, clients: 10_000 } as const;

/** @throws {UserError} `bad-option` that names what is too large, and how large it may be. */
export function refuseSizes(config: Partial<Config>, bounds: Partial<Bounds>): void {
  const values: { readonly [name: string]: unknown } = { ...config, ...bounds };
  for (const [name, { most }] of Object.entries(parameters)) {
    const value = values[name];
    if (most !== undefined && typeof value === "number") refuse(name, value, most);
  }
}

/** The same for simulations. */
export function refuseSimulatedSizes(
  parameters: { readonly [name in keyof typeof simulated]: number },
): void {
  for (const [name, most] of Object.entries(simulated))
    refuse(name, parameters[name as keyof typeof simulated], most);
}

function refuse(name: string, value: number | undefined, most: number): void {
  if (value === undefined || value <= most) return;
  throw new UserError("bad-option", `${value} is too much for ${flag(name).slice(2)}: use at most ${most}.`);
}
