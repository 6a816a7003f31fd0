// Reliable broadcast, by the plain search.

import test from "ava";
import { outcomes } from "../support/other-protocols.js";

test("the plain search agrees where the sender lies", async (t) => {
  t.deepEqual(
    await outcomes({ protocol: "bracha", adversaries: ["arbitrary"], byzantine: ["r0"], reduce: "none" }),
    ["bracha, arbitrary at r0, views 0-0: holds, 652657 states"],
  );
});
