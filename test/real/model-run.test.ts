// A class beside a model of it, and schedules of a class, with fast-check.

import { fileURLToPath } from "node:url";
import test from "ava";
import * as fc from "fast-check";
import { modelRun, realSchedule } from "../../src/fast-check/index.js";
import { findProtocol } from "../../src/index.js";
import { fixture, realFile } from "./support.js";

const wrapper = fileURLToPath(new URL("../../../test/real/fixtures/stateful.ts", import.meta.url));
const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };

test("PBFT as a class does what PBFT does; a mutant as a class does not", async (t) => {
  const model = (await findProtocol("pbft")).protocol;
  for (const [name, isSame] of [
    ["pbft", true],
    ["pbft/quorum-2f", false],
  ] as const) {
    const source = `import { stateful } from ${JSON.stringify(wrapper)};\nconst make = stateful(${JSON.stringify(name)});`;
    const { protocol } = await findProtocol(await realFile(t, source, { ask: "at-start", random: [0, 0.5] }));
    const result = fc.check(
      fc.property(modelRun(protocol, model, { config, maxSteps: 30 }), (one) => one.run() === null),
      { seed: 7, numRuns: 40 },
    );
    t.is(!result.failed, isSame, name);
    if (isSame) continue;
    const [shrunk] = result.counterexample!;
    t.regex(shrunk.run()!, /^the class (sends|events) [\s\S]*, after\n {2}r0: its start\n/);
  }
});

test("schedules of a class find what the search finds", async (t) => {
  const runs = await realSchedule(fixture("hasty.real.ts"));
  const result = fc.check(
    fc.property(runs, (schedule) => schedule.run().violation === null),
    { seed: 1, numRuns: 50 },
  );
  t.true(result.failed);
  t.is(result.counterexample![0].run().actions.length, 2);
  const careful = await realSchedule(fixture("careful.real.ts"));
  t.notThrows(() =>
    fc.assert(
      fc.property(careful, (schedule) => schedule.run().violation === null),
      { seed: 1, numRuns: 50 },
    ),
  );
});
