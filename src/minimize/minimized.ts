// The result of minimizing: a locally minimal counterexample, and an account of what was removed and why the
// rest stays.

import type { Counterexample } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import type { Json } from "../protocol/index.js";
import type { Account } from "./account.js";

/** A locally minimal counterexample. */
export interface Minimized<Message = Json, Request = Json> {
  /** The setting, perhaps smaller. */
  readonly setting: Setting<Message, Request>;
  readonly counterexample: Counterexample;
  /** The number of replays, besides the searches. */
  readonly tried: number;
  /** What was removed, and why the rest has to stay. */
  readonly account: Account;
  /**
   * Whether two things were tested: it replays strictly to the violation, and leniently without any single
   * action it does not. False if the time ran out: then only the first was tested, and the account gives no
   * reasons.
   */
  readonly verifiedMinimal: boolean;
}
