// PBFT with proactive recovery: what takes longer than the rest of its tests (pbft-recovery.test.ts).

import test from "ava";
import { outcomes } from "../support/other-protocols.js";

for (const [left, states] of [
  ["nothing", 2737002],
  ["state", 3903637],
  ["log", 5939496],
] as const)
  test(`agreement holds to the end of the bounds, and states agree, if the attacker leaves: ${left}`, async (t) => {
    const asked = { protocol: "pbft-recovery", requests: 1, set: { left } };
    t.deepEqual(await outcomes(asked), [`pbft-recovery, intruder at intruder: holds, ${states} states`]);
  });
