// Which reductions a search uses: those that were asked for, as far as they are sound in the setting. What is refused is not
// silently left out: the result says so, with the reason.

import { deadMessagesRefusal } from "../model/dead-messages.js";
import { UserError } from "../model/errors.js";
import { oneAfterTheOther, type Representatives } from "../model/representatives.js";
import type { Symmetry } from "../model/symmetry.js";
import type { TransitionSystem } from "../model/system.js";
import { dominanceRefusal } from "./dominance.js";
import type { SearchOptions } from "./search-options.js";
import type { Reduction, RefusedReduction } from "./verdict.js";
import { VisibleSteps } from "./visible-steps.js";

/** See the file comment. */
export interface Reductions {
  readonly reduction: Reduction;
  /** Macro-steps, or null in the plain search. */
  readonly visible: VisibleSteps | null;
  readonly symmetry: Symmetry | null;
  readonly deadMessages: boolean;
  readonly refused: readonly RefusedReduction[];
  /** What puts the state that is stored in the place of one that was reached, if anything does. */
  readonly representatives: Representatives | null;
}

/**
 * Sets up the reductions, before the first step of the system.
 *
 * @throws {UserError} `bad-option` for those that cannot be had here at all.
 * @throws {SymmetryRefused} if symmetry is asked for where there is none.
 */
export function reductionsFor(system: TransitionSystem, options: SearchOptions): Reductions {
  const { setting } = system;
  const wanted = options.reduction ?? (system.channels ? "none" : "visible-steps");
  const dominanceRefused = wanted === "dominance" ? dominanceRefusal(setting) : null;
  const reduction = dominanceRefused === null ? wanted : "visible-steps";
  if (system.channels && reduction !== "none")
    throw new UserError(
      "bad-option",
      `${reduction} is sound on the async network only, where a message stays deliverable; on ${setting.network} use --reduce none.`,
    );
  const symmetry = options.symmetry ? system.symmetry() : null;
  const deadRefused = options.deadMessages ? deadMessagesRefusal(setting) : null;
  const dead = options.deadMessages && deadRefused === null ? system.deadMessages() : null;
  if (options.resume && (dead || symmetry))
    throw new UserError(
      "bad-option",
      `A search with${dead ? "out dead messages" : " symmetry"} leaves no checkpoint that could be resumed.`,
    );
  const refused: RefusedReduction[] = [];
  if (dominanceRefused !== null) refused.push({ reduction: "dominance", reason: dominanceRefused });
  if (deadRefused !== null) refused.push({ reduction: "dead-messages", reason: deadRefused });
  return {
    reduction,
    visible: reduction === "none" ? null : new VisibleSteps(system, reduction === "dominance"),
    symmetry,
    deadMessages: dead !== null,
    refused,
    representatives: oneAfterTheOther([dead, symmetry]),
  };
}
