// Reproduces the rows of the DistAlgo report, beside its published figures, and the runs that it could not
// finish.

import { readFileSync } from "node:fs";
import { decimals, grouped } from "../../src/report/numbers.js";
import { total } from "../../src/report/simulate.js";
import { make, only, publish, table } from "./report.js";

interface Published {
  readonly figure: string;
  readonly throughput: number;
  readonly runTimeSeconds: number;
  readonly messages: number;
}

const published = JSON.parse(
  readFileSync(new URL("../../../bench/experiments/distalgo-published.json", import.meta.url), "utf8"),
) as readonly Published[];

const replicaMessages = ["pre-prepare", "prepare", "commit", "view-change", "new-view"];

const reportHeads = [
  "figure",
  "n",
  "clients",
  "operations",
  "delay, ms",
  "Byzantine",
  "primary",
  "view changed",
  "requests/s",
  "report",
  "run time, s",
  "report",
  "replica messages",
  "report",
  "verdict",
];

export async function distalgo(): Promise<void> {
  const made = await make("distalgo");
  const rows = made.points.map((point, index) => {
    const run = only(point);
    const { parameters, byzantine } = run;
    const { figure, throughput, runTimeSeconds, messages } = published[index]!;
    const between = replicaMessages.reduce((sum, type) => sum + (run.messages[type] ?? 0), 0);
    return [
      figure,
      parameters.replicas,
      parameters.clients,
      parameters.requests,
      point.labels.delay ?? 0,
      byzantine.length,
      byzantine.includes("r0") ? "yes" : "no",
      run.viewChanges > 0 ? "yes" : "no",
      decimals(run.throughputPerSecond ?? 0),
      decimals(throughput),
      decimals(run.virtualSeconds),
      decimals(runTimeSeconds),
      grouped(between),
      grouped(messages),
      run.verdict,
    ];
  });
  const body = `${table(reportHeads, rows)}

The report's run times without faults are its number of messages times 0.14 to 0.21 ms, whatever n is: all its replicas share what
amounts to one processor. With 0.15 ms a message the simulated run times follow. Its 20 s with a failed primary are two timeouts of
10 s, the client's and then the backups'. It counts the messages in the replicas' logs, a replica's own included (2n²+n a request);
here are those that were sent (2n²-2n). What does not fit is discussed in [findings](../findings.md). All columns of the report
(delays, time per process, safe, live, ...) are in the CSV; memory and wall time are there with \`--csv FILE --timing\`.`;
  await publish(made, body, []);
}

export async function failures(): Promise<void> {
  const made = await make("distalgo-failures");
  const cases = [
    "the primary fails again and again: the first five are silent",
    "the same, but they are good backups that fail when they lead",
    "50 replicas, 70 clients, 10 operations each",
    "4 Byzantine replicas of 7",
  ];
  const rows = made.points.map((point, index) => {
    const run = only(point);
    return [
      cases[index]!,
      `${grouped(run.succeeded)}/${grouped(run.requests)}`,
      run.viewChanges,
      decimals(run.virtualSeconds),
      grouped(total(run.messages)),
      run.reason === null ? run.verdict : `${run.verdict}: ${run.reason}`,
    ];
  });
  const heads = ["case", "succeeded", "view changes", "virtual time, s", "messages", "verdict"];
  await publish(made, table(heads, rows), []);
}
