// The states of all workers in one set, in the order of a search by one thread: those that were expanded, then the rest.

import type { TransitionSystem } from "../../model/system.js";
import { VisitedSet } from "../visited.js";
import { Incoming } from "./numbers.js";
import type { Records, WorkerCounts } from "./wire.js";

/** See the file comment. No state knows its parent, which may have belonged to another worker. */
export function gather(
  system: TransitionSystem,
  records: readonly Records[],
): { readonly visited: VisitedSet; readonly counts: WorkerCounts } {
  const visited = new VisitedSet(system.width);
  const vector = new Int32Array(system.width);
  const translations = records.map(({ known }) => {
    const incoming = new Incoming(system);
    incoming.learn(known.definitions);
    return incoming;
  });
  for (const isExpanded of [true, false])
    for (const [index, { known, counts }] of records.entries()) {
      const [first, end] = isExpanded ? [0, counts.expanded] : [counts.expanded, counts.states];
      for (let state = first; state < end; state++) {
        translations[index]!.translate(known.vectors, state * system.width, vector);
        visited.add(vector, visited.hash(vector), -1);
      }
    }
  const total = (pick: (counts: WorkerCounts) => number) =>
    records.reduce((sum, { counts }) => sum + pick(counts), 0);
  const counts = {
    states: total(({ states }) => states),
    expanded: total(({ expanded }) => expanded),
    transitions: total(({ transitions }) => transitions),
    decisions: total(({ decisions }) => decisions),
  };
  return { visited, counts };
}
