// Istanbul BFT: what holds, what each flaw breaks.

import test from "ava";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

test("it agrees and ends in every place, and each mutant falls", async (t) => {
  t.deepEqual(await suiteOutcomes("ibft"), [
    "ibft, no adversary, views 0-1: holds, 40374 states",
    "ibft, silent at r0, views 0-1: holds, 44 states",
    "ibft, silent at r1, views 0-2: holds, 1316 states",
    "ibft, silent at r2, views 0-1: holds, 790 states",
    "ibft, silent at r4, views 0-1: holds, 3442 states",
    "ibft, arbitrary at r0, views 0-1: holds, 24514 states",
    "ibft, arbitrary at r1, views 0-1: holds, 13340 states",
    "ibft, arbitrary at r2, views 0-1: holds, 12358 states",
    "ibft/no-lock, no adversary, views 0-1: agreement violated, 25 actions, 35720 states",
    "ibft/lock-never-released, silent at r4, views 0-1: termination violated, 21 actions, 1663 states",
    "ibft/decision-kept-secret, arbitrary at r2, views 0-1: termination violated, 9 actions, 954 states",
    "ibft/quorum-fixed-2f+1, arbitrary at r0, views 0-0: agreement violated, 16 actions, 2860 states",
    "ibft/proposal-unjustified, arbitrary at r1, views 0-1: agreement violated, 15 actions, 10933 states",
    "ibft/round-change-unproven, arbitrary at r1, views 0-1: agreement violated, 15 actions, 9652 states",
    "ibft/value-unchecked, arbitrary at r0, views 0-0: validity violated, 11 actions, 294 states",
  ]);
});

test("a lock that is never released stops four replicas as well as five", async (t) => {
  t.deepEqual(
    await outcomes({
      protocol: "ibft/lock-never-released",
      adversaries: ["silent"],
      byzantine: ["r3"],
      properties: ["termination"],
      views: 1,
    }),
    ["ibft/lock-never-released, silent at r3, views 0-1: termination violated, 12 actions, 393 states"],
  );
});

test("it never lets two replicas decide differently, though", async (t) => {
  t.deepEqual(
    await outcomes({
      protocol: "ibft/lock-never-released",
      adversaries: ["arbitrary"],
      byzantine: ["r0"],
      properties: ["agreement"],
      views: 1,
    }),
    ["ibft/lock-never-released, arbitrary at r0, views 0-1: holds, 25380 states"],
  );
});
