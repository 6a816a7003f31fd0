// `npm test` runs this. What fails shows the run that breaks the protocol, step by step.

import test from "node:test";
import { assertHolds, assertViolated } from "turncoat/assert";

test("replicas agree as long as nobody lies", async () => {
  await assertHolds("./protocol.ts", { adversaries: ["none"], properties: ["agreement"] });
});

test("a lying r0 makes them disagree", async () => {
  // Once your protocol can take a lie, this is assertHolds.
  await assertViolated("./protocol.ts", {
    adversaries: ["mutator"],
    byzantine: ["r0"],
    properties: ["agreement"],
  });
});
