// The DistAlgo report's PBFT. It follows OSDI'99 without checkpoints, with one difference that the report
// names ("Primary replica failing only once"): after the first view change no replica suspects a primary
// again.

import type { Json, Protocol } from "../../protocol/index.js";
import type { Mutant } from "../mutant.js";
import { pbft, pbftRules } from "../pbft/index.js";

const change = "PBFT that changes its view once: after that, nobody suspects the primary";

/** The protocol of the report. */
export const distalgo = pbft({ ...pbftRules, suspectsPrimary: (view) => view === 0 }, "distalgo", change);

/** The setting in which it fails with at most f faulty replicas. PBFT's own rule repairs it. */
export const distalgoMutants: readonly Mutant[] = [
  {
    name: "distalgo/one-view-change",
    original: "pbft",
    flaw: change,
    source: "the DistAlgo report, part 3, challenge a",
    protocol: pbft(
      { ...pbftRules, suspectsPrimary: (view) => view === 0 },
      "distalgo/one-view-change",
      change,
    ) as unknown as Protocol<Json, Json>,
    changes: ["suspectsPrimary"],
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "silent",
      byzantine: ["r0", "r1"],
      views: 2,
      replicas: 7,
    },
  },
];
