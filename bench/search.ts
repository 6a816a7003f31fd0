// How fast the search is, and how much memory a state takes: `npm run bench`. Two-phase commit with 7, 8 and
// 9 resource managers (published counts: 296,448, 1,745,408 and 10,340,352 states; agreement), in the plain
// search and with sleep sets; single-decree Paxos with three clients; and the PBFT rows of the README.
//
// Rates are per second of wall time. CPU seconds are those of the whole process, including garbage collection
// and compilation on other threads. On a busy machine compare those.

import Table from "cli-table3";
import { agreement } from "../properties/agreement.js";
import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { type SearchOptions, search } from "../src/explore/search.js";
import type { Setting } from "../src/model/setting.js";
import type { Json, Protocol } from "../src/protocol/index.js";
import { twoPhaseCommit } from "../src/protocols/two-phase-commit/index.js";
import { grouped } from "../src/report/numbers.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

interface Row {
  readonly name: string;
  readonly setting: Setting;
  readonly options: SearchOptions;
}

function twoPhase(managers: number, reduction: "none" | "sleep-sets"): Row {
  const setting: Setting = {
    protocol: twoPhaseCommit() as unknown as Protocol<Json, Json>,
    config: { replicas: managers + 1, faults: 0, requests: 0, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: [agreement],
  };
  return {
    name: `two-phase commit, ${managers} resource managers, ${reduction}`,
    setting,
    options: { reduction },
  };
}

/** Paxos, with the property that the clients' puts and gets are linearizable. */
async function paxos(clients: number): Promise<Row> {
  const setting = await settingFrom({
    protocol: "paxos",
    config: { replicas: 3, faults: 0, requests: clients, slots: 1, clients: true },
    byzantine: [],
    adversary: null,
    network: "once:keep",
    bounds: { views: 0 },
    properties: ["linearizable"],
  });
  return { name: `single-decree Paxos, ${clients} clients, none`, setting, options: { reduction: "none" } };
}

async function pbft(byzantine: string, reduction: "none" | "visible-steps"): Promise<Row> {
  const request = {
    protocol: "pbft",
    adversaries: ["arbitrary"],
    byzantine: [byzantine],
    properties: ["agreement"],
  };
  const [run] = plan(await findProtocol("pbft"), request);
  const setting = await settingFrom(run!.description);
  return {
    name: `PBFT, arbitrary at ${byzantine}, views 0-1, ${reduction}`,
    setting,
    options: { reduction },
  };
}

const { values } = benchArguments({ options: { plain: { type: "boolean", default: false } } });
const everything = values.plain;
const rows = [
  ...[7, 8, 9].map((managers) => twoPhase(managers, "none")),
  ...[7, 8, 9].map((managers) => twoPhase(managers, "sleep-sets")),
  await paxos(3),
  ...(await Promise.all(["r0", "r1", "r2"].map((id) => pbft(id, "visible-steps")))),
  ...(everything ? await Promise.all(["r0", "r1", "r2"].map((id) => pbft(id, "none"))) : []),
];

const table = new Table({
  head: [
    "model",
    "states",
    "transitions",
    "step calls",
    "seconds",
    "CPU s",
    "states/s",
    "transitions/s",
    "bytes/state",
  ],
  colAligns: ["left", ...Array<"right">(8).fill("right")],
  style: { head: [], border: [], compact: true },
});
for (const { name, setting, options } of rows) {
  const before = process.cpuUsage();
  const result = await search(setting, options);
  const used = cpuSeconds(before);
  table.push([
    name,
    grouped(result.states),
    grouped(result.transitions),
    grouped(result.stepCalls),
    result.seconds.toFixed(2),
    used.toFixed(2),
    grouped(result.states / result.seconds),
    grouped(result.transitions / result.seconds),
    grouped(result.bytesPerState),
  ]);
}
console.log(table.toString());
