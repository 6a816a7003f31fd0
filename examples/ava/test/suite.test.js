// Every run of turncoat.config.ts is a test.

import test from "ava";
import { configuredRuns } from "turncoat";

for (const run of await configuredRuns())
  test(run.name, async (t) => {
    const { result, told } = await run.check();
    t.is(result.verdict, run.expected, told);
  });
