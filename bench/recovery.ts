// Kills all replicas at random moments: `npm run bench:recovery -- [--moments N] [--requests R] [--seed S]`.
//
// In each of N rounds (default: 20) four replicas serve a client, are killed (SIGKILL) at a random moment while they do, and are started again.
// Every request must be served in the end; each at its place, so that none that was acknowledged is lost and none is executed
// twice; and the model must explain what all have recorded. Exit code 1 otherwise.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { conform } from "../src/conform/index.js";
import { recordName } from "../src/records/files.js";
import { readRecords } from "../src/records/index.js";
import { readNode } from "../src/run/cluster.js";
import { clusterPlan, freePorts, writeCluster } from "../src/run/plan.js";
import { purpose, randomFor } from "../src/simulate/random.js";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";
import { replicaOf } from "./replica-process.js";
import { servedBy } from "./served-cluster.js";

const { values } = benchArguments({
  options: {
    moments: { type: "string", default: "20" },
    requests: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
});
const requests = positiveNumber(values.requests, "--requests");
const random = randomFor(numberFrom0(values.seed, "--seed"), purpose.choice);
/** The latest moment after the client has begun, in milliseconds, and how long a round may take. */
const [latestMs, roundMs] = [1500, 60_000];

for (let round = 1; round <= positiveNumber(values.moments, "--moments"); round++) {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-recovery-"));
  const problem = await killedOnce(directory, random.float() * latestMs, round);
  if (problem === null) rmSync(directory, { recursive: true, force: true });
  else {
    console.log(`  ${problem}; everything is in ${directory}`);
    process.exitCode = 1;
  }
}

/** One round; what was wrong, or null. */
async function killedOnce(directory: string, afterMs: number, round: number): Promise<string | null> {
  const ports = await freePorts(5);
  const plan = await clusterPlan({ timeout: "300ms" }, (index) => ({
    host: "127.0.0.1",
    port: ports[index]!,
  }));
  const files = await writeCluster(plan, directory);
  const nodes = await Promise.all(files.map(readNode));
  const start = () => files.slice(0, 4).map(replicaOf);
  const first = start();
  await Promise.all(first.map(({ listening }) => listening));
  const serving = servedBy(nodes[4]!, requests);
  await pause(afterMs);
  for (const { child } of first) child.kill("SIGKILL");
  await Promise.all(first.map(({ stopped }) => stopped));
  const second = start();
  const results = await Promise.race([serving, pause(roundMs, null, { ref: false })]);
  for (const { child } of second) child.stdin!.end();
  await Promise.all(second.map(({ stopped }) => stopped));
  if (results === null) return `round ${round}: not every request was served`;
  const records = readRecords(nodes.map((node) => join(node.directory, recordName)));
  const { rejection, steps } = await conform(records);
  const before = records.steps.filter(({ node, input }) => node === "c0" && input.kind === "message").length;
  console.log(
    `round ${round}: killed after ${Math.round(afterMs)} ms; ${results.length} served, ${before} replies; ${steps.length} steps ${rejection === null ? "conform" : "are rejected"}`,
  );
  if (rejection !== null) return `${rejection.what}: ${rejection.reason}`;
  const misplaced = results.findIndex((result, index) => result !== `A@${index + 1}`);
  return misplaced < 0 ? null : `request ${misplaced + 1} was answered with ${results[misplaced]}`;
}
