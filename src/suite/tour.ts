// The tour that `npm start` and `turncoat tour` give to newcomers: one correct protocol against everything,
// then four ways to break it. It takes seconds; `standard` is the whole suite.

import type { CheckRequest, Suite } from "./request.js";

/** Correct PBFT under `arbitrary`, in every inequivalent place of the Byzantine replica. */
const correct: CheckRequest = {
  protocol: "pbft",
  adversaries: ["arbitrary"],
  properties: ["agreement", "validity", "integrity"],
  clients: false,
  views: 1,
  reduce: "dominance",
  expect: "holds",
};

/**
 * Each falls to the plain search, whose counterexamples have the fewest actions. The trace of the first is
 * printed.
 */
const broken = [
  "pbft/quorum-2f",
  "pbft/view-change-forgets",
  "pbft/new-view-unjustified",
  "pbft/read-only-optimization",
].map((protocol): CheckRequest => ({ protocol, reduce: "none", expect: "violated" }));

export const tourSuites: readonly Suite[] = [
  { name: "PBFT, correct", requests: [correct] },
  { name: "PBFT, broken on purpose", requests: broken },
];
