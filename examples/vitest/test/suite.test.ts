// Every run of turncoat.config.ts is a test.

import { configuredRuns } from "turncoat";
import { expect, test } from "vitest";

for (const run of await configuredRuns())
  test(run.name, async () => {
    const { result, told } = await run.check();
    expect(result.verdict, told).toBe(run.expected);
  });
