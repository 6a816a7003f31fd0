// The strategies by name.

import { pick } from "../../catalogue/index.js";
import type { Strategy } from "../strategy.js";
import { byzzfuzz } from "./byzzfuzz.js";
import { guided } from "./guided.js";
import { mixed } from "./mixed.js";
import { pct } from "./pct.js";
import { pos } from "./pos.js";
import { twins } from "./twins.js";
import { uniform } from "./uniform.js";

/** All strategies; `mixed`, the default, is made of the others. */
export const strategies: readonly Strategy[] = [mixed, uniform, pct(), pos, byzzfuzz(), twins(), guided];

/**
 * The strategy with this name.
 *
 * ```ts
 * strategyNamed("mixed").name // => "mixed"
 * ```
 * @throws {UserError} `bad-option` if there is none.
 */
export function strategyNamed(name: string): Strategy {
  return pick("strategy", name, strategies);
}
