// Caveats in reports: where the property that covers what is left open is checked beside, nothing is said.

import type { PlannedRun } from "../suite/plan.js";
import type { Caveat } from "../verdict/caveats.js";

/** The sentences that are to be said of a run, among all runs that are reported together. */
export function caveatTexts(
  caveats: readonly Caveat[],
  runs: readonly { readonly planned: PlannedRun }[],
): readonly string[] {
  const isChecked = (property: string) =>
    runs.some(({ planned }) => planned.description.properties.includes(property));
  return caveats
    .filter(({ coveredBy }) => coveredBy === undefined || !isChecked(coveredBy))
    .map(({ text }) => text);
}
