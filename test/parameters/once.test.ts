// A parameter is named once: in its table. Besides, only those name it who give it a meaning or ask for it.

import { readFileSync } from "node:fs";
import test from "ava";
import { globSync } from "../support/glob.js";

/** Who may name it, besides the table: the protocol that understands it, the simulator, and suites that ask for it. */
const named: readonly (readonly [name: string, table: string, meaning: readonly string[]])[] = [
  [
    "checkpointInterval",
    "src/parameters/pbft.ts",
    ["src/cli/cluster-options.ts", "src/run/plan.ts", "src/simulate/parameters.ts", "src/suite/pbft.ts"],
  ],
  ["readOnly", "src/parameters/pbft.ts", ["src/simulate/parameters.ts", "src/suite/pbft.ts"]],
  ["reorderBy", "src/simulate/parameters.ts", []],
  ["maxEvents", "src/simulate/parameters.ts", ["src/simulate/engine.ts"]],
];

for (const [name, table, meaning] of named)
  test(`${name} is listed in ${table} alone`, (t) => {
    const files = globSync(["src"], ".ts").filter((file) =>
      new RegExp(`\\b${name}\\b`).test(readFileSync(file, "utf8")),
    );
    t.deepEqual(
      files.filter((file) => !file.startsWith("src/protocols/pbft/")),
      [table, ...meaning].sort(),
    );
  });
