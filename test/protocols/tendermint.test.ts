// Tendermint: what holds, what each flaw breaks.

import test from "ava";
import { suiteOutcomes } from "../support/neighbours.js";

test("it agrees, and ends where the faulty are silent; each mutant falls; two amnesiacs are too many", async (t) => {
  t.deepEqual(await suiteOutcomes("tendermint"), []);
});
