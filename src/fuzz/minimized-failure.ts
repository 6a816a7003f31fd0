// The minimized trace of a failure: what a campaign writes of it, wherever it is minimized.

import type { SettingDescription } from "../catalogue/index.js";
import type { Parts } from "../identity/identity.js";
import { type MinimizeOptions, minimize } from "../minimize/index.js";
import type { Setting } from "../model/setting.js";
import { type Trace, traceOf } from "../trace/index.js";
import type { Failure } from "./block.js";

/** The campaign that has found a failure. */
export interface FailureOrigin {
  readonly setting: Setting;
  readonly description: SettingDescription;
  readonly parts: Parts;
  /** The name of the campaign's strategy; that of the run may be one of several. */
  readonly strategy: string;
  readonly seed: number;
}

/** Minimizes a failure; `trace.minimal` says whether it is verified that no action can be left out. */
export async function minimizedFailure(
  { setting, description, parts, strategy, seed }: FailureOrigin,
  failure: Failure,
  options: MinimizeOptions,
): Promise<Trace> {
  const minimized = await minimize(setting, failure.counterexample, options);
  const { counterexample, setting: weakest, verifiedMinimal: minimal } = minimized;
  const by = failure.strategy === strategy ? "" : ` (${failure.strategy})`;
  const how = minimal ? "minimized" : "minimizing was cut short: not verified to be minimal";
  const origin = `fuzz, strategy ${strategy}${by}, seed ${seed}, path ${failure.path}, ${how}`;
  return traceOf(weakest, counterexample, { protocol: description.protocol, origin, minimal, parts });
}
