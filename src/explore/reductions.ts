// Selects the reductions of a search: those asked for that are sound in the setting. The result names each
// refused one and the reason.

import { deadMessagesRefusal } from "../model/dead-messages.js";
import { UserError } from "../model/errors.js";
import { oneAfterTheOther, type Representatives } from "../model/representatives.js";
import { checksLiveness, type Setting } from "../model/setting.js";
import type { Symmetry } from "../model/symmetry/symmetry.js";
import type { TransitionSystem } from "../model/system.js";
import { maxLocalStates } from "../verdict/limits.js";
import { dominanceRefusal } from "./dominance.js";
import { Expansion } from "./expansion.js";
import type { SearchOptions } from "./search-options.js";
import type { Reduction, RefusedReduction } from "./search-result.js";
import { sleepSetsRefusal } from "./sleep-sets.js";
import type { TallyBook } from "./tallies/tally-book.js";

/** The reductions that a search uses, and those that were refused. */
export interface Reductions {
  readonly reduction: Reduction;
  readonly expansion: Expansion;
  readonly symmetry: Symmetry | null;
  readonly deadMessages: boolean;
  readonly refused: readonly RefusedReduction[];
  /** What puts the state that is stored in the place of one that was reached, if anything does. */
  readonly representatives: Representatives | null;
  /** Why the search cannot be saved and go on with the same counts, or null. */
  readonly unsavable: string | null;
}

/**
 * Sets up the reductions, before the first step of the system.
 *
 * @throws {UserError} `bad-option` for those that cannot be had here at all.
 * @throws {SymmetryRefused} if symmetry is asked for where there is none.
 */
export function reductionsFor(
  system: TransitionSystem,
  options: SearchOptions,
  book: TallyBook | null,
): Reductions {
  const { setting } = system;
  const wanted = options.reduction ?? (system.channels ? "none" : "visible-steps");
  const refused: RefusedReduction[] = [];
  const reduction = soundOf(wanted, setting, options, refused);
  if (system.channels && reduction !== "none")
    throw new UserError(
      "bad-option",
      `${reduction} is sound on the async network only, where a message stays deliverable; on ${setting.network} use --reduce none.`,
    );
  const symmetry = options.symmetry ? system.symmetry() : null;
  const deadRefused = options.deadMessages ? deadMessagesRefusal(setting) : null;
  const dead = options.deadMessages && deadRefused === null ? system.deadMessages() : null;
  const unsavable = whyUnsavable(reduction, symmetry !== null, dead !== null);
  if (options.resume && unsavable) throw new UserError("bad-option", `${unsavable.replace("a", "A")}.`);
  if (deadRefused !== null) refused.push({ reduction: "dead-messages", reason: deadRefused });
  return {
    reduction,
    expansion: new Expansion(
      system,
      reduction,
      maxLocalStates(options),
      book?.isUsed && talliesRefusal(setting) === null ? book : null,
    ),
    symmetry,
    deadMessages: dead !== null,
    refused,
    unsavable,
    representatives: oneAfterTheOther([dead, symmetry]),
  };
}

function whyUnsavable(reduction: Reduction, hasSymmetry: boolean, dropsDead: boolean): string | null {
  const because = (how: string) => `a search with${how} leaves no checkpoint that could be resumed`;
  if (dropsDead) return because("out dead messages");
  if (hasSymmetry) return because(" symmetry");
  return reduction === "sleep-sets" ? because(" sleep sets") : null;
}

/** Why searches inside a node are not made by tallies, however large they are; or null. */
function talliesRefusal(setting: Setting): string | null {
  if (checksLiveness(setting)) return "liveness properties need whole closures";
  if ((setting.bounds.crashes ?? 0) > 0) return "what a crash leaves depends on every vote that was counted";
  return null;
}

/** The reduction that was asked for, or what is sound in its place. */
function soundOf(
  wanted: Reduction,
  setting: Setting,
  { symmetry, deadMessages }: SearchOptions,
  refused: RefusedReduction[],
): Reduction {
  if (wanted === "dominance") {
    const reason = dominanceRefusal(setting);
    if (reason === null) return wanted;
    refused.push({ reduction: wanted, reason });
    return "visible-steps";
  }
  if (wanted === "sleep-sets") {
    const isElsewhere = symmetry || deadMessages;
    const reason = isElsewhere
      ? "what is stored is not the state that was reached"
      : sleepSetsRefusal(setting);
    if (reason === null) return wanted;
    refused.push({ reduction: wanted, reason });
    return "none";
  }
  return wanted;
}
