// What a second thread gains: two-phase commit with 9 resource managers (10,340,352 states), plain search,
// with one worker and with two, twice in turn. `npm run bench:workers`. Run it on two idle cores only.
//
//   npm run bench:workers -- pbft [--byzantine r0] [--views 2] [--from 100000] [--rounds 2]
//
// The same for PBFT with dominance, where local searches take most of the time. `--from`: the number of
// states at which the other thread joins in. On a busy machine compare CPU seconds instead of seconds: those
// of the first thread are the time that it would take on idle cores, since it is never idle for long.

import { readFileSync } from "node:fs";
import { settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import type { Reduction } from "../src/explore/search-result.js";
import type { Setting } from "../src/model/setting.js";
import type { SettingSource } from "../src/verdict/setting-source.js";
import { twoPhaseCommitSetting } from "../test/support/settings.js";
import { benchArguments, numberFrom0, positiveNumber, refuse } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: {
    byzantine: { type: "string", default: "r0" },
    views: { type: "string", default: "2" },
    from: { type: "string", default: "100000" },
    rounds: { type: "string", default: "2" },
  },
});
const [what = "two-phase-commit"] = positionals;
const from = positiveNumber(values.from, "--from");

interface Case {
  readonly setting: Setting;
  readonly source: SettingSource;
  readonly reduction: Reduction;
}

async function caseOf(): Promise<Case> {
  if (what === "two-phase-commit") {
    const managers = 9;
    const module = new URL("../test/support/settings.js", import.meta.url).href;
    const source = { module, name: "twoPhaseCommitSetting", args: [managers] };
    return { setting: twoPhaseCommitSetting(managers), source, reduction: "none" };
  }
  if (what !== "pbft") return refuse(`there is no such case: two-phase-commit or pbft, not ${what}`);
  const description = {
    protocol: "pbft",
    config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
    byzantine: [values.byzantine],
    adversary: "arbitrary",
    network: "async",
    bounds: { views: numberFrom0(values.views, "--views") },
    properties: ["agreement"],
  };
  return { setting: await settingFrom(description), source: { description }, reduction: "dominance" };
}

/** CPU seconds of the first thread alone; NaN where the system does not tell (it does on Linux). */
function ownCpuSeconds(): number {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // from the third one on
    return (Number(fields[11]) + Number(fields[12])) / 100; // in ticks, a hundred a second
  } catch {
    return Number.NaN;
  }
}

const { setting, source, reduction } = await caseOf();
for (let round = 1; round <= positiveNumber(values.rounds, "--rounds"); round++) {
  const seconds: number[] = [];
  for (const count of [1, 2]) {
    const before = process.cpuUsage();
    const ownBefore = ownCpuSeconds();
    const result = await search(setting, { reduction, workers: { count, source, from } });
    seconds.push(result.seconds);
    console.log(
      `${count} worker${count === 1 ? " " : "s"}: ${result.states} states, ${result.seconds.toFixed(1)} s, ` +
        `${cpuSeconds(before).toFixed(1)} CPU s (first thread ${(ownCpuSeconds() - ownBefore).toFixed(1)}), ${result.bytesPerState} bytes/state`,
    );
  }
  console.log(`two workers are ${(seconds[0]! / seconds[1]!).toFixed(2)} times as fast as one`);
}
