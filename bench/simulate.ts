// How fast the simulator is on one core: `npm run bench:simulate`. A single request as n grows (the first in
// a fresh process, with compilation; each n in a process of its own), and delivered messages per second in a
// long run at n=16.
//
// On a busy machine compare CPU seconds, which include those of the garbage collector's threads, rather than
// wall times.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { bytes, grouped } from "../src/report/numbers.js";
import { total } from "../src/report/simulate.js";
import { defaults } from "../src/simulate/raw-options.js";
import { simulate } from "../src/simulate/result.js";
import type { Parameters } from "../src/simulate/setting.js";
import { benchArguments } from "./arguments.js";

const self = fileURLToPath(import.meta.url);

async function measure(parameters: Parameters) {
  const before = process.cpuUsage();
  const result = await simulate(parameters);
  const { user, system } = process.cpuUsage(before);
  if (result.verdict !== "holds") throw new Error(`${result.verdict}: ${result.reason}`);
  return {
    n: parameters.replicas,
    messages: total(result.messages),
    delivered: result.delivered,
    milliseconds: 1000 * result.wall.seconds,
    cpuMilliseconds: (user + system) / 1000,
    heap: result.wall.heapBytes,
  };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** Measures in a new process. */
function fresh(parameters: Partial<Parameters>): Measured {
  const args = [self, "--measure", JSON.stringify(parameters)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** The best of several: what the machine can do when it is idle. */
function best(times: number, parameters: Partial<Parameters>): Measured {
  const all = Array.from({ length: times }, () => fresh(parameters));
  return all.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
}

/** The script starts itself with `--measure` in other processes. */
const { values } = benchArguments({ options: { measure: { type: "string" } } });
if (values.measure !== undefined) {
  console.log(JSON.stringify(await measure({ ...defaults, ...JSON.parse(values.measure) })));
} else {
  const heads = ["run", "delivered", "wall ms", "CPU ms", "delivered/s (wall)", "delivered/s (CPU)", "heap"];
  const table = new Table({
    head: heads,
    colAligns: heads.map((_, index) => (index === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, m: Measured) =>
    table.push([
      name,
      grouped(m.delivered),
      m.milliseconds.toFixed(1),
      m.cpuMilliseconds.toFixed(1),
      grouped((1000 * m.delivered) / m.milliseconds),
      grouped((1000 * m.delivered) / m.cpuMilliseconds),
      bytes(m.heap),
    ]);
  for (const replicas of [4, 8, 16, 32, 64, 128, 256, 512])
    row(`one request, n=${replicas}`, best(5, { replicas, faults: Math.floor((replicas - 1) / 3) }));
  const long = { replicas: 16, faults: 5, clients: 10, requests: 400 };
  row("4,000 requests of 10 clients, n=16", best(3, long));
  row("the same, a checkpoint every 16 slots", best(3, { ...long, checkpointInterval: 16 }));
  console.log(table.toString());
}
