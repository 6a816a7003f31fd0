// Spaces that take minutes: correct PBFT, n=4, f=1, `arbitrary`, two request values, agreement. `npm run bench:large`
// checks views 0-2 in every inequivalent place of the Byzantine replica; with `--sevens` instead n=7, f=2 in view 0, with
// `--two-slots` two slots in view 0. Every row is one run on one core; memory is the process's peak so far.

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
const choices: { readonly [option: string]: readonly Row[] } = {
  "--views-0-2": ["r0", "r1", "r2", "r3"].map((id) => ({ ...four, byzantine: [id] })),
  "--two-slots": ["r0", "r1"].map((id) => ({ ...four, views: 0, slots: 2, byzantine: [id] })),
  "--sevens": [
    ["r1", "r2"],
    ["r0", "r1"],
  ].map((byzantine) => ({ byzantine, views: 0, slots: 1, replicas: 7 })),
};

const rows = choices[process.argv[2] ?? "--views-0-2"];
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
  const result = await search(setting);
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
