// The catalogue of flaws: every run that must find something, and every run of a correct protocol that must
// not. `npm run flaws` makes them all.

import { findProtocol } from "../catalogue/index.js";
import { otherProtocolSuites, slowOtherProtocolSuites } from "./other-protocols.js";
import { pbftSuites } from "./pbft.js";
import { type PlannedRun, plan } from "./plan.js";
import type { Suite } from "./request.js";

/** One run of the catalogue. */
export interface CatalogueRun {
  readonly planned: PlannedRun;
  /**
   * What is wrong with the protocol, in one sentence; null where nothing is (a control, or a correct form).
   */
  readonly flaw: string | null;
  readonly source: string | null;
}

/**
 * All runs of the catalogue, those of correct forms included. `short`: without what takes more than a few
 * seconds.
 */
export async function catalogueRuns(short: boolean): Promise<CatalogueRun[]> {
  const suites: readonly Suite[] = short
    ? [...pbftSuites.small, ...otherProtocolSuites]
    : [...pbftSuites.standard, ...otherProtocolSuites, ...slowOtherProtocolSuites];
  const runs: CatalogueRun[] = [];
  for (const { requests } of suites)
    for (const request of requests) {
      const entry = await findProtocol(request.protocol);
      for (const planned of plan(entry, request))
        runs.push({ planned, flaw: entry.mutant?.flaw ?? null, source: entry.mutant?.source ?? null });
    }
  return runs;
}
