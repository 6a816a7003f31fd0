// vitest export: the trace as a regression test.

import type { Exporter } from "./exporter.js";
import { regressionTest } from "./regression-test.js";

export const vitest: Exporter = {
  name: "vitest",
  summary: "a regression test for vitest that carries the trace in it",
  ending: ".test.js",
  write: (replayed) =>
    regressionTest(replayed, {
      imports: 'import { expect, test } from "vitest";',
      parameter: "",
      equal: (actual, expected) => `expect(${actual}, told).toBe(${expected});`,
      different: (actual, expected) => `expect(${actual}, told).not.toBe(${expected});`,
    }),
};
