// The defaults of every protocol that `turncoat list` shows run, with each driver.

import test from "ava";
import { builtins, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { fuzz } from "../../src/fuzz/index.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";
import { plan } from "../../src/suite/plan.js";

for (const { name, mutant } of builtins) {
  test(`check and fuzz ${name}`, async (t) => {
    const runs = plan(await findProtocol(name), { protocol: name });
    t.true(runs.length > 0);
    for (const { description } of runs.slice(0, mutant ? 1 : undefined)) {
      const setting = await settingFrom(description);
      // What only time shows is left to the fuzzer.
      if (!description.timing) t.truthy((await search(setting, { maxStates: 20 })).verdict);
      if (mutant === null || description.timing)
        t.truthy((await fuzz(setting, { seed: 1, maxRuns: 2 })).verdict);
    }
  });

  if (mutant === null)
    test(`simulate ${name}`, async (t) => {
      // All election timers of Raft expire at once in a simulation, so votes are split until the last term.
      const expected = name === "raft" ? "vacuous" : "holds";
      t.is((await simulate(parametersFrom({ protocol: name }))).verdict, expected);
    });
}

test("without numbers tutorial is checked with two requests for safety and one for liveness", async (t) => {
  const runs = plan(await findProtocol("tutorial"), { protocol: "tutorial", byzantine: ["r0"] });
  t.deepEqual(
    runs.map(({ description: { properties, config } }) => [properties, config.requests, config.slots]),
    [
      [["agreement", "validity"], 2, 1],
      [["all-execute"], 1, 1],
    ],
  );
});
