// States and CPU seconds with each reduction on and off: `npm run bench:reductions`. PBFT with n=4, f=1, two
// request values, one slot, agreement; and two-phase commit, in which all resource managers are
// interchangeable. `--only two-phase`: the rows whose name begins so.

import { settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import type { Setting } from "../src/model/setting.js";
import { grouped } from "../src/report/numbers.js";
import { twoPhaseCommitSetting } from "../test/support/settings.js";
import { benchArguments } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const { only } = benchArguments({ options: { only: { type: "string", default: "" } } }).values;

function pbft(byzantine: string, views: number, adversary = "arbitrary"): Promise<Setting> {
  return settingFrom({
    protocol: "pbft",
    config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
    byzantine: [byzantine],
    adversary,
    network: "async",
    bounds: { views },
    properties: ["agreement"],
  });
}

const rows: readonly (readonly [string, Setting])[] = [
  ["PBFT, r0 Byzantine, view 0", await pbft("r0", 0)],
  ["PBFT, r0 Byzantine, views 0-1", await pbft("r0", 1)],
  ["PBFT, r1 Byzantine, views 0-1", await pbft("r1", 1)],
  ["PBFT, r2 Byzantine, views 0-1", await pbft("r2", 1)],
  ["two-phase commit, 7 resource managers", twoPhaseCommitSetting(7)],
];

console.log("| model | plain | symmetry | visible steps | both | dominance | both | names |");
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, setting] of rows.filter(([name]) => name.startsWith(only))) {
  const cells: string[] = [];
  let names = 1;
  for (const reduction of ["none", "visible-steps", "dominance"] as const)
    for (const symmetry of [false, true]) {
      const before = process.cpuUsage();
      const result = await search(setting, { reduction, symmetry });
      names = Math.max(names, result.symmetry);
      cells.push(`${grouped(result.states)}, ${cpuSeconds(before).toFixed(1)} s`);
    }
  console.log(`| ${name} | ${cells.join(" | ")} | ${names} |`);
}

const weaker = [
  ["arbitrary", "r0", 1],
  ["equivocating-primary", "r0", 1],
  ["equivocating-primary", "r0", 2],
  ["lying-voter", "r2", 1],
  ["lying-voter", "r2", 2],
] as const;

if (only !== "") process.exit();
console.log("\n| PBFT, visible steps | all messages kept | without dead ones |");
console.log("|---|---|---|");
for (const [adversary, byzantine, views] of weaker) {
  const cells: string[] = [];
  for (const deadMessages of [false, true]) {
    const setting = await pbft(byzantine, views, adversary);
    const before = process.cpuUsage();
    const result = await search(setting, { deadMessages });
    cells.push(`${grouped(result.states)}, ${cpuSeconds(before).toFixed(1)} s`);
  }
  console.log(`| ${adversary} ${byzantine}, views 0-${views} | ${cells.join(" | ")} |`);
}
