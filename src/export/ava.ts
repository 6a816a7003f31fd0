// ava export: the trace as a regression test.

import type { Exporter } from "./exporter.js";
import { regressionTest } from "./regression-test.js";

export const ava: Exporter = {
  name: "ava",
  summary: "a regression test for ava that carries the trace in it",
  ending: ".test.js",
  write: (replayed) =>
    regressionTest(replayed, {
      imports: 'import test from "ava";',
      parameter: "t",
      equal: (actual, expected) => `t.is(${actual}, ${expected}, told);`,
      different: (actual, expected) => `t.not(${actual}, ${expected}, told);`,
    }),
};
