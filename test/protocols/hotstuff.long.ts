// HotStuff and Fast-HotStuff: what holds, what each flaw breaks.

import test from "ava";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

test("HotStuff agrees and ends with three phases; with two a certificate shown to one replica stops it", async (t) => {
  t.deepEqual(await suiteOutcomes("hotstuff"), [
    "hotstuff, silent at r0, views 0-1: holds, 36 states",
    "hotstuff, silent at r1, views 0-2: holds, 648 states",
    "hotstuff, silent at r2, views 0-1: holds, 632 states",
    "hotstuff, arbitrary at r2, views 0-1: holds, 25042 states",
    "hotstuff/two-phase, arbitrary at r0, views 0-1: termination violated, 10 actions, 3393 states",
    "hotstuff/extends-anything, silent at r3, views 0-1: termination violated, 15 actions, 386 states",
    "hotstuff/anybody-proposes, usurper at r3, views 0-0: termination violated, 3 actions, 19 states",
    "hotstuff/value-unchecked, arbitrary at r0, views 0-0: validity violated, 7 actions, 1001 states",
  ]);
});

test("HotStuff bears a crash besides a liar; not if it forgets which views it has left", async (t) => {
  const crashing = {
    ...{ adversaries: ["arbitrary"], byzantine: ["r2"], views: 1, clients: false, properties: ["agreement"] },
    ...{ crashes: 1, recovery: "always" as const },
  };
  const found = [
    ...(await outcomes({ protocol: "hotstuff", ...crashing })),
    ...(await outcomes({ protocol: "hotstuff/forgets-its-timeouts" })),
  ];
  t.deepEqual(found, [
    "hotstuff, arbitrary at r2, views 0-1, 1 crash, all recover: holds, 216326 states",
    "hotstuff/forgets-its-timeouts, arbitrary at r2, views 0-1, 1 crash, all recover: agreement violated, 25 actions, 174449 states",
  ]);
});

test("Fast-HotStuff agrees; without consecutive views it does not, and nobody has to lie for that", async (t) => {
  t.deepEqual(await suiteOutcomes("fast-hotstuff"), [
    "fast-hotstuff, no adversary, views 0-3: holds, 26686 states",
    "fast-hotstuff, silent at r0, views 0-3: holds, 343 states",
    "fast-hotstuff, arbitrary at r0, views 0-2: holds, 3561 states",
    "fast-hotstuff, arbitrary at r1, views 0-2: holds, 5999 states",
    "fast-hotstuff, arbitrary at r2, views 0-2: holds, 5112 states",
    "fast-hotstuff/commits-across-a-gap, no adversary, views 0-3: agreement violated, 33 actions, 179681 states",
  ]);
});
