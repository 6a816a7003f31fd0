// Runs that were never made, for reports to tell of.

import type { SettingDescription } from "../../src/catalogue/index.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import { noCounts } from "../../src/fuzz/counts.js";
import type { FuzzResult } from "../../src/fuzz/index.js";
import type { Counterexample } from "../../src/model/action.js";
import type { CompletedRun } from "../../src/report/check.js";
import type { CompletedCampaign } from "../../src/report/fuzz.js";

export const description: SettingDescription = {
  protocol: "pbft",
  config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
  byzantine: ["r0"],
  adversary: "arbitrary",
  network: "async",
  bounds: { views: 1 },
  properties: ["agreement", "validity"],
};

/** What the runs were made of. */
const identity = { digest: "d1", parts: { turncoat: "0.1.0, build b1" } };

/** A counterexample of this many actions; a report counts them and looks no closer. */
export function counterexample(actions: number): Counterexample {
  const action = { kind: "timer", node: "r1", timer: "view-change" } as const;
  return {
    property: "agreement",
    explanation: "they differ",
    start: {},
    actions: Array(actions).fill(action),
  };
}

const witnesses = { decisions: 5, agreementComparisons: 4, viewChanges: 1, messages: {}, adversaryMoves: {} };

/** A run in which everything holds, but for the changes. */
export function run(
  changes: Partial<SearchResult> = {},
  expect: CompletedRun["planned"]["expect"] = null,
  others: Partial<CompletedRun> = {},
): CompletedRun {
  const result: SearchResult = {
    verdict: "holds",
    reason: null,
    properties: [],
    caveats: [],
    reduction: "visible-steps",
    symmetry: 1,
    deadMessages: false,
    refused: [],
    states: 4_409_109,
    transitions: 45_503_318,
    depth: 41,
    frontier: 0,
    stepCalls: 2_185_773,
    seconds: 9.8049,
    statesPerSecond: 449_909,
    bytesPerState: 40,
    peakMemoryBytes: 411_000_000,
    witnesses,
    counterexample: null,
    explanation: null,
    counterexamples: changes.counterexample ? [changes.counterexample] : [],
    interrupted: false,
    unsaved: null,
    ...changes,
  };
  return {
    planned: { description, expect, reduction: null },
    result,
    identity,
    traceFiles: [],
    checkpointFile: null,
    insideContract: true,
    ...others,
  };
}

/** A campaign without a violation, but for the changes. */
export function campaign(
  changes: Partial<FuzzResult> = {},
  others: Partial<CompletedCampaign> = {},
): CompletedCampaign {
  const result: FuzzResult = {
    verdict: "holds",
    reason: "no violation in 1000 runs",
    caveats: [],
    properties: [],
    strategy: "uniform",
    maxActions: 200,
    seed: 7,
    path: null,
    counterexample: null,
    runs: 1000,
    events: 34_567,
    eventsPerSecond: 23_456.7,
    distinctStates: 8_901,
    distinctStatesEstimated: false,
    failures: [],
    strategies: { uniform: { runs: 1000, events: 34_567, decided: 990, novel: 12 } },
    kinds: { deliver: 34_567 },
    timed: null,
    warnings: [],
    decided: 990,
    undecided: 10,
    decisionsPerRun: 1.5,
    stepCalls: 300,
    seconds: 1.4738,
    peakMemoryBytes: 100_000_000,
    witnesses,
    interrupted: false,
    state: {
      ...{
        seed: 7,
        strategy: "uniform",
        maxActions: 200,
        shard: { index: 1, of: 1 },
        blocks: 2,
        made: [[0, 1]],
        maxRuns: 10_000,
      },
      incidence: null,
      ...{ counts: noCounts, sample: { level: 0, hashes: new Int32Array() }, failures: [], corpus: null },
    },
    ...changes,
  };
  return {
    planned: { description, expect: null, reduction: null },
    result,
    identity,
    traces: [],
    insideContract: true,
    ...others,
  };
}
