// Spaces that take long: correct PBFT, n=4, f=1, `arbitrary`, two request values, agreement, with dominance. `npm run
// bench:large` checks views 0-2 in every inequivalent place of the Byzantine replica. Others by name:
//   --views-0-3      one view more
//   --two-slots      two slots, view 0 and views 0-1
//   --sevens         n=7, f=2, two Byzantine replicas, view 0; --sevens-0-1: views 0-1
// and behind it `--visible-steps` for the search without dominance, `--symmetry` for one of each orbit, and `--only r1` for one
// place. Every row is one run on one core; memory is the process's peak so far.

import { settingFrom } from "../src/catalogue.js";
import { search } from "../src/explore/search.js";
import { grouped } from "../src/report/numbers.js";

interface Row {
  readonly byzantine: readonly string[];
  readonly views: number;
  readonly slots: number;
  readonly replicas: number;
}

const four = { views: 2, slots: 1, replicas: 4 };
const each = ["r0", "r1", "r2", "r3"];
const pairs = [
  ["r1", "r2"],
  ["r0", "r1"],
];
const choices: { readonly [option: string]: readonly Row[] } = {
  "--views-0-2": each.map((id) => ({ ...four, byzantine: [id] })),
  "--views-0-3": each.map((id) => ({ ...four, views: 3, byzantine: [id] })),
  "--two-slots": [
    ...["r0", "r1"].map((id) => ({ ...four, views: 0, slots: 2, byzantine: [id] })),
    ...["r0", "r1", "r2"].map((id) => ({ ...four, views: 1, slots: 2, byzantine: [id] })),
  ],
  "--sevens": pairs.map((byzantine) => ({ byzantine, views: 0, slots: 1, replicas: 7 })),
  "--sevens-0-1": pairs.map((byzantine) => ({ byzantine, views: 1, slots: 1, replicas: 7 })),
};

const [choice = "--views-0-2", ...options] = process.argv.slice(2);
const reduction = options.includes("--visible-steps") ? "visible-steps" : "dominance";
const symmetry = options.includes("--symmetry");
const only = options.includes("--only") ? options[options.indexOf("--only") + 1] : null;
const rows = choices[choice]?.filter(({ byzantine }) => only === null || byzantine.join() === only);
if (!rows) throw new Error(`One of ${Object.keys(choices).join(", ")}.`);
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
  const result = await search(setting, { reduction, symmetry });
  const { user, system } = process.cpuUsage(before);
  const cells = [
    byzantine.join(", "),
    `0-${views}`,
    slots,
    replicas,
    result.verdict,
    grouped(result.states),
    grouped(result.transitions),
    result.seconds.toFixed(0),
    ((user + system) / 1e6).toFixed(0),
    result.bytesPerState,
    Math.round(result.peakMemoryBytes / 1e6),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
