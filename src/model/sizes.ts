// Limits on the size of a run that can be asked for. A number that no search or simulation could ever
// complete is refused at once. Otherwise nodes would be created, placements counted or a trace replayed
// first, for minutes, only to fail.

import { flag, type ParameterTable } from "../parameters/parameter.js";
import { parameters } from "../parameters/search.js";
import type { Config } from "../protocol/index.js";
import { UserError } from "./errors.js";
import type { Bounds } from "./setting.js";

/** @throws {UserError} `bad-option` that names what is too large, and how large it may be. */
export function refuseSizes(config: Partial<Config>, bounds: Partial<Bounds>): void {
  const values: { readonly [name: string]: unknown } = { ...config, ...bounds };
  for (const [name, { most, option }] of Object.entries<ParameterTable[string]>(parameters))
    refuseSize(option ?? name, values[name], most);
}

/** The same for one value, if it is a number and there is a largest one. */
export function refuseSize(option: string, value: unknown, most: number | undefined): void {
  if (typeof value !== "number" || most === undefined || value <= most) return;
  throw new UserError(
    "bad-option",
    `${value} is too much for ${flag(option).slice(2)}: use at most ${most}.`,
  );
}
