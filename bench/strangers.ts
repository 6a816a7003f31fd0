// Protocols as an outsider may write them: they keep the votes for every block, and count them in `step`.
// Each row is searched as it is by default, for at most `--seconds`, and then with searches inside a node that go by tallies from 1,024
// components on. Both run in one process.
//
//   npm run bench:strangers -- [--only simplex] [--seconds 60] [--default]
//
// `--default`: only as it is by default.
//
// It prints the table of docs/performance.md. `--only`: the rows whose name begins so. Default of
// `--seconds`: 120.

import { agreement } from "../properties/agreement.js";
import { search } from "../src/explore/search.js";
import type { Setting } from "../src/model/setting.js";
import type { Json, Protocol } from "../src/protocol/index.js";
import { grouped } from "../src/report/numbers.js";
import simplex from "../test/cases/simplex.js";
import streamlet, { adversaries } from "../test/cases/streamlet.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const { values } = benchArguments({
  options: {
    only: { type: "string", default: "" },
    seconds: { type: "string", default: "120" },
    default: { type: "boolean", default: false },
  },
});
const maxSeconds = positiveNumber(values.seconds, "--seconds");

const shared = { network: "async", bounds: { views: 2 }, properties: [agreement] };
const config = (requests: number) => ({ replicas: 4, faults: 1, requests, slots: 3, clients: false });
const ofStreamlet = (byzantine: string, requests: number): Setting => ({
  ...shared,
  protocol: streamlet as unknown as Protocol<Json, Json>,
  config: config(requests),
  byzantine: [byzantine],
  adversary: adversaries[0] as never,
});
const rows: readonly (readonly [name: string, setting: Setting])[] = [
  ["streamlet, arbitrary r3, views 0-2, one request", ofStreamlet("r3", 1)],
  ["streamlet, arbitrary r0, views 0-2, two requests", ofStreamlet("r0", 2)],
  [
    "simplex, no adversary, views 0-2, two requests",
    {
      ...shared,
      protocol: simplex as unknown as Protocol<Json, Json>,
      config: config(2),
      byzantine: [],
      adversary: null,
    },
  ],
];

console.log("| protocol | search | local searches | verdict | states | CPU s | states/s | peak MB |");
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, setting] of rows.filter(([name]) => name.startsWith(values.only)))
  for (const reduction of ["visible-steps", "dominance"] as const)
    for (const tallies of values.default ? (["large"] as const) : (["large", 1024] as const)) {
      const before = process.cpuUsage();
      const result = await search(setting, { reduction, tallies, maxSeconds });
      const { verdict, states, peakMemoryBytes } = result;
      const cpu = cpuSeconds(before);
      const cells = [
        name,
        reduction,
        result.tallies === undefined ? "every subset" : "by tallies",
        verdict,
        grouped(states),
        cpu.toFixed(1),
        grouped(Math.round(states / cpu)),
        grouped(Math.round(peakMemoryBytes / 1e6)),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
