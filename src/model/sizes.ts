// How large a run can be asked for. A number that no search or simulation could ever get through is refused at once: before nodes are made,
// placements counted or a trace replayed, each of which would take minutes only to fail.

import type { Config } from "../protocol/index.js";
import { UserError } from "./errors.js";
import type { Bounds } from "./setting.js";

/** The largest values of a search, a fuzz campaign and a trace. */
const searched = {
  replicas: 200,
  faults: 200,
  requests: 200,
  slots: 1000,
  checkpointInterval: 1000,
  window: 10_000,
  batch: 1000,
  operations: 1000,
  reads: 1000,
} as const;
const mostViews = 1000;
const mostCrashes = 1000;

/** The largest values of a simulation, which has no bounds but its end. */
const simulated = { replicas: 2000, clients: 10_000 } as const;

/** @throws {UserError} `bad-option` that names what is too large, and how large it may be. */
export function refuseSizes(config: Partial<Config>, { views, crashes }: Partial<Bounds>): void {
  for (const [name, most] of Object.entries(searched))
    refuse(name, config[name as keyof typeof searched], most);
  refuse("views", views, mostViews);
  refuse("crashes", crashes, mostCrashes);
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
  const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UserError("bad-option", `${value} is too much for ${option}: use at most ${most}.`);
}
