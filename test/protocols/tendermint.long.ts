// Tendermint: what holds, what each flaw breaks.

import test from "ava";
import { suiteOutcomes } from "../support/other-protocols.js";

test("it agrees, and ends where the faulty are silent; each mutant falls; two amnesiacs are too many", async (t) => {
  t.deepEqual(await suiteOutcomes("tendermint"), [
    "tendermint, silent at r0, views 0-1: holds, 54 states",
    "tendermint, silent at r1, views 0-2: holds, 2090 states",
    "tendermint, silent at r2, views 0-1: holds, 1260 states",
    "tendermint, tendermint-amnesiac at r3, views 0-1: holds, 12293 states",
    "tendermint, tendermint-amnesiac at r2, r3, views 0-1: agreement violated, 13 actions, 187 states",
    "tendermint/no-valid-value, silent at r3, views 0-1: termination violated, 19 actions, 750 states",
    "tendermint/no-lock, tendermint-amnesiac at r1, views 0-1: agreement violated, 21 actions, 3324 states",
    "tendermint/value-unchecked, arbitrary at r0, views 0-0: validity violated, 11 actions, 300 states",
  ]);
});
