// The built-in suite: correct PBFT under every adversary in every inequivalent place, and every mutant in the setting in
// which it falls. This is what `npm start` runs.

import { pbftMutants } from "../protocols/pbft/index.js";
import type { CheckRequest, Suite } from "./request.js";

const safety = { protocol: "pbft", properties: ["agreement", "validity", "integrity"], clients: false };
const service = { protocol: "pbft", properties: ["validity", "clients-are-served"], clients: true };

const correct: readonly CheckRequest[] = [
  { ...safety, adversaries: ["silent"] },
  { ...safety, adversaries: ["equivocating-primary"] },
  { ...safety, adversaries: ["lying-voter"] },
  { ...safety, adversaries: ["arbitrary"] },
  { ...service, adversaries: ["arbitrary"], properties: ["validity"] },
  { ...service, adversaries: ["silent", "lying-voter"], byzantine: ["r0"] },
  { ...service, adversaries: ["silent"], byzantine: ["r2"] },
  // The primary of the last view must be correct for anybody to be served: one view more covers r1.
  { ...service, adversaries: ["silent"], byzantine: ["r1"], views: 2 },
];

/** See the file comment. */
export const pbftSuites: readonly Suite[] = [
  { name: "PBFT, correct", requests: correct.map((request) => ({ ...request, expect: "holds" })) },
  {
    name: "PBFT, broken on purpose",
    requests: pbftMutants.map(({ name }) => ({ protocol: name, expect: "violated" })),
  },
];
