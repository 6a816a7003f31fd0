// Reliable broadcast: what holds, what each flaw breaks, and after how many actions.

import test from "ava";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

test("its correct form holds in every place, and each mutant falls", async (t) => {
  t.deepEqual(await suiteOutcomes("bracha"), [
    "bracha, silent at r1, views 0-0: holds, 36 states",
    "bracha, arbitrary at r0, views 0-0: holds, 349 states",
    "bracha, arbitrary at r1, views 0-0: holds, 146 states",
    "bracha/echo-quorum-weak, arbitrary at r0, views 0-0: totality violated, 10 actions, 651 states",
    "bracha/delivers-on-weak-quorum, arbitrary at r0, views 0-0: totality violated, 10 actions, 63 states",
    "bracha/nobody-joins, arbitrary at r0, views 0-0: totality violated, 13 actions, 142 states",
    "bracha/joins-on-one, arbitrary at r1, views 0-0: validity violated, 3 actions, 355 states",
    "bracha/initial-from-anyone, arbitrary at r1, views 0-0: validity violated, 6 actions, 114 states",
  ]);
});

// Where the sender lies it has 652,657 states: bracha.long.ts.
test("the plain search agrees where a receiver is silent", async (t) => {
  t.deepEqual(
    await outcomes({ protocol: "bracha", adversaries: ["silent"], byzantine: ["r1"], reduce: "none" }),
    ["bracha, silent at r1, views 0-0: holds, 686 states"],
  );
});

test("too few echoes do not break agreement: two sets of 2f+1 readies share a correct replica", async (t) => {
  t.deepEqual(
    await outcomes({
      protocol: "bracha/echo-quorum-weak",
      adversaries: ["arbitrary"],
      byzantine: ["r0"],
      properties: ["agreement"],
    }),
    ["bracha/echo-quorum-weak, arbitrary at r0, views 0-0: holds, 1549 states"],
  );
});

test("where the sender is silent nothing is delivered, and nothing is claimed", async (t) => {
  t.deepEqual(await outcomes({ protocol: "bracha", adversaries: ["silent"], byzantine: ["r0"] }), [
    "bracha, silent at r0, views 0-0: vacuous, 1 states",
  ]);
});
