// `turncoat load`: drives a cluster that runs with an open load, and measures how long requests take.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { grouped, round } from "../report/numbers.js";
import { readNodes } from "../run/cluster.js";
import { drive } from "../run/drive.js";
import { lateMs, type OpenLoopResult } from "../run/open-loop.js";
import type { Latency } from "../simulate/percentiles.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { duration, integer, positive } from "./options.js";
import { printJson } from "./print-json.js";

interface LoadOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly clients?: number;
  readonly patience: number;
  readonly json?: boolean;
}

export function addLoad(command: Command): void {
  command
    .argument("<directory>", "where the files of the cluster's clients are (c0.json, ...)")
    .requiredOption("--rate <r>", "requests a second, of all clients together", positive)
    .option("--seconds <s>", "for how long", duration, 10)
    .option("--clients <n>", "use so many of the clients (default: all)", integer(1))
    .option("--patience <s>", "give up what is not served so long afterwards, in seconds", duration, 30)
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      "\nExample: turncoat load cluster --rate 50 --seconds 20   while the replicas run: see turncoat keys and turncoat run",
    )
    .action(async (directory: string, options: LoadOptions) => {
      process.exitCode = await load(directory, options);
    });
}

async function load(directory: string, options: LoadOptions): Promise<number> {
  const { rate, seconds, patience, json } = options;
  const files = clientFiles(directory, options.clients);
  const settings = await readNodes(files);
  const signal = onInterrupt();
  const result = await drive(settings, { rate, seconds }, { signal, patienceSeconds: patience });
  const throughput = result.seconds > 0 ? round(result.served / result.seconds) : null;
  if (json) {
    const of = { turncoat: version, command: "load", protocol: settings[0]!.cluster.file.protocol };
    const { latency, serviceTime, ...counts } = result;
    printJson({
      ...{ ...of, clients: files.length, rate, ...counts, seconds: round(result.seconds), throughput },
      ...{ latencyMs: latency, serviceTimeMs: serviceTime, kept: kept(result) },
    });
  } else console.log(summary(result, rate, files.length, throughput).join("\n"));
  if (signal.aborted) return exitCode.interrupted;
  return kept(result) ? exitCode.holds : exitCode.undecided;
}

/** Whether the load was what was asked for: hardly anything was late, and everything was served. */
function kept({ planned, late, served }: OpenLoopResult): boolean {
  return served === planned && late <= planned / 100;
}

function clientFiles(directory: string, clients: number | undefined): readonly string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError("bad-option", `There is no directory ${directory}: make one with turncoat keys.`);
  const found = readdirSync(directory)
    .filter((name) => /^c\d+\.json$/.test(name))
    .sort((a, b) => Number(a.slice(1, -5)) - Number(b.slice(1, -5)));
  if (found.length === 0)
    throw new UserError("bad-option", `There is no client's file (c0.json) in ${directory}.`);
  if (clients !== undefined && clients > found.length)
    throw new UserError("bad-option", `${directory} has the files of ${counted(found.length, "client")}.`);
  return found.slice(0, clients).map((name) => join(directory, name));
}

function summary(
  result: OpenLoopResult,
  rate: number,
  clients: number,
  throughput: number | null,
): readonly string[] {
  const { planned, late, served, seconds, latency, serviceTime } = result;
  return [
    `${grouped(served)} of ${grouped(planned)} requests served in ${seconds.toFixed(1)} s, ${throughput ?? 0} a second; ${grouped(rate)} a second were due, of ${counted(clients, "client")}`,
    ...(latency === null ? [] : [`  latency since due    ${inWords(latency)}`]),
    ...(serviceTime === null ? [] : [`  latency since sent   ${inWords(serviceTime)}`]),
    ...(late > planned / 100
      ? [
          `The rate was not kept: ${grouped(late)} requests were sent more than ${lateMs} ms late, since no client was free. Use more clients, or a lower --rate.`,
        ]
      : []),
    ...(served < planned ? [`${grouped(planned - served)} requests were not served.`] : []),
  ];
}

function inWords({ p50, p95, p99, max }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, at most ${max.toFixed(1)} ms`;
}
