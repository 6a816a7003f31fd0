// Searches of large spaces: correct PBFT, n=4, f=1, `arbitrary`, two request values, agreement, with
// dominance. `npm run bench:large` checks views 0-2 in every inequivalent placement of the Byzantine replica.
// Others by name:
//
//   views-0-3      one view more
//   two-slots      two slots, view 0 and views 0-1
//   sevens         n=7, f=2, two Byzantine replicas, view 0; sevens-0-1 and sevens-0-2: more views
//
// `--visible-steps` searches without dominance, `--symmetry` searches one placement of each orbit, `--only
// r1` (`--only r0,r2`) searches one placement, `--seconds 1800` sets a limit. Every row is one run on one
// core; memory is the peak of the process so far.

import { settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { grouped } from "../src/report/numbers.js";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

interface Row {
  readonly byzantine: readonly string[];
  readonly views: number;
  readonly slots: number;
  readonly replicas: number;
}

const four = { views: 2, slots: 1, replicas: 4 };
const each = ["r0", "r1", "r2", "r3"];
/** Two Byzantine replicas of seven, of whom both, one or none lead a view. */
const sevens = (views: number, ...pairs: readonly (readonly string[])[]): Row[] =>
  pairs.map((byzantine) => ({ byzantine, views, slots: 1, replicas: 7 }));
const choices: { readonly [option: string]: readonly Row[] } = {
  "views-0-2": each.map((id) => ({ ...four, byzantine: [id] })),
  "views-0-3": each.map((id) => ({ ...four, views: 3, byzantine: [id] })),
  "two-slots": [
    ...["r0", "r1"].map((id) => ({ ...four, views: 0, slots: 2, byzantine: [id] })),
    ...["r0", "r1", "r2"].map((id) => ({ ...four, views: 1, slots: 2, byzantine: [id] })),
  ],
  sevens: sevens(0, ["r0", "r1"], ["r1", "r2"]),
  "sevens-0-1": sevens(1, ["r0", "r1"], ["r0", "r2"], ["r1", "r2"], ["r2", "r3"]),
  "sevens-0-2": sevens(2, ["r3", "r4"]),
};

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: {
    "visible-steps": { type: "boolean", default: false },
    symmetry: { type: "boolean", default: false },
    only: { type: "string" },
    seconds: { type: "string", default: "Infinity" },
  },
});
const rows = (choices[positionals[0] ?? "views-0-2"] ?? []).filter(
  ({ byzantine }) => values.only === undefined || byzantine.join() === values.only,
);
if (rows.length === 0)
  refuse(
    `there is no such row: one of ${Object.keys(choices).join(", ")}, and a place that is among its rows`,
  );
const reduction = values["visible-steps"] ? "visible-steps" : "dominance";
console.log(
  "| Byzantine | views | slots | n | verdict | states | transitions | seconds | CPU s | bytes/state | peak MB |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|---|");
for (const { byzantine, views, slots, replicas } of rows) {
  const faults = Math.floor((replicas - 1) / 3);
  const setting = await settingFrom({
    protocol: "pbft",
    config: { replicas, faults, requests: 2, slots, clients: false },
    byzantine,
    adversary: "arbitrary",
    network: "async",
    bounds: { views },
    properties: ["agreement"],
  });
  const before = process.cpuUsage();
  const result = await search(setting, {
    reduction,
    symmetry: values.symmetry,
    maxSeconds: positiveNumber(values.seconds, "--seconds"),
  });
  const used = cpuSeconds(before);
  const cells = [
    byzantine.join(", "),
    `0-${views}`,
    slots,
    replicas,
    result.verdict,
    grouped(result.states),
    grouped(result.transitions),
    result.seconds.toFixed(0),
    used.toFixed(0),
    result.bytesPerState,
    Math.round(result.peakMemoryBytes / 1e6),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
