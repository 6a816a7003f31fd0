// What a check of one protocol that found nothing did not try, where its author may think that it did.

import type { Entry } from "../catalogue/index.js";
import { bearsOnlyCrashes } from "../model/contract.js";
import type { CompletedRun } from "../report/check.js";

/** How it was asked for. */
interface Asked {
  /** As it was named. */
  readonly protocol: string;
  /** Whether options name a setting. */
  readonly hasSetting: boolean;
  /** Whether options name adversaries. */
  readonly namesAdversary: boolean;
}

/** One line for each; none where something was found. */
export function hintsOf(entry: Entry, completed: readonly CompletedRun[], asked: Asked): readonly string[] {
  const { protocol, hasSetting, namesAdversary } = asked;
  const verdicts = completed.map(({ result }) => result.verdict);
  if (!verdicts.includes("holds") || verdicts.includes("violated")) return [];
  const hints = [];
  if ((entry.mutant ?? entry.ownMutant?.exposedBy) && hasSetting)
    hints.push(
      `${protocol} is a mutant, and has another setting that exposes it: turncoat check ${protocol}`,
    );
  const faulty = completed.filter(({ planned }) => planned.description.byzantine.length > 0);
  const isSilent = ({ planned }: CompletedRun) => planned.description.adversary === "silent";
  if (faulty.length > 0 && faulty.every(isSilent) && !namesAdversary && !bearsOnlyCrashes(entry.protocol))
    hints.push(
      `Nobody lied here: a silent node says nothing. One that may say anything: turncoat check ${protocol} --adversary arbitrary`,
    );
  return hints;
}
