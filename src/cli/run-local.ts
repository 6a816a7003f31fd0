// `turncoat run --local`: a whole cluster on this machine.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { counted } from "../parameters/words.js";
import { round } from "../report/numbers.js";
import { type NodeSettings, readNode } from "../run/cluster.js";
import { type LocalResult, runLocal } from "../run/local.js";
import { type ClusterOptions, clusterPlan, freePorts, writeCluster } from "../run/plan.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { printJson } from "./print-json.js";
import { runSummary } from "./run-summary.js";

/** What the command line asks for. */
export interface LocalRunOptions {
  readonly requests?: number;
  readonly dir?: string;
  readonly maxSeconds?: number;
  readonly json?: boolean;
}

/** The requests of a client, unless somebody says how many. */
export const usualRequests = 100;

/** Makes a cluster, runs it, and says what came of it; the exit code. */
export async function runLocally(asked: ClusterOptions, options: LocalRunOptions): Promise<number> {
  const { dir, maxSeconds, json } = options;
  const signal = onInterrupt();
  const directory = dir ?? join("turncoat-run", new Date().toISOString().replaceAll(/[:.]/g, "-"));
  const { replicas, clients, requests, faults } = await newCluster(
    { ...asked, ...(options.requests && { requests: options.requests }) },
    directory,
  );
  const total = requests * Math.max(1, clients.length);
  if (!json)
    console.log(
      `${asked.protocol}: ${counted(replicas.length, "replica")} as processes of this machine, ${counted(clients.length, "client")}; keys, logs and records in ${directory}`,
    );
  const result = await runLocal(
    {
      ...{ replicas, clients, requests, faults, directory },
      script: fileURLToPath(new URL("./main.js", import.meta.url)),
    },
    {
      ...{ signal, maxSeconds },
      onProgress: (served, seconds) =>
        console.error(`${served} of ${total} requests served after ${Math.round(seconds)} s`),
    },
  );
  const of = {
    turncoat: version,
    command: "run",
    protocol: asked.protocol,
    replicas: replicas.length,
    directory,
  };
  if (json) printJson({ ...of, ...jsonOf(result) });
  else console.log([...runSummary(result), `Next: turncoat conform ${directory}`].join("\n"));
  return exitCodeFor(result);
}

/** Makes the keys of a cluster, each node of which listens on a free port. */
async function newCluster(asked: ClusterOptions, directory: string) {
  const planned = await clusterPlan(asked, () => ({ host: "127.0.0.1", port: 1 }));
  const ports = await freePorts(planned.nodes.length);
  const plan = { ...planned, addresses: ports.map((port) => ({ host: "127.0.0.1", port })) };
  const files = await writeCluster(plan, directory);
  const nodes = plan.nodes.map(({ id, role }, index) => ({ node: id, role, file: files[index]! }));
  const clients: NodeSettings[] = [];
  for (const { role, file } of nodes) if (role === "client") clients.push(await readNode(file));
  const requests = clients.length > 0 ? Number(asked.requests ?? usualRequests) : plan.config.requests;
  return {
    replicas: nodes.filter(({ role }) => role === "replica"),
    clients,
    requests,
    faults: plan.config.faults,
  };
}

function exitCodeFor({ end }: LocalResult): number {
  if (end === "served") return exitCode.holds;
  return end === "interrupted" ? exitCode.interrupted : exitCode.undecided;
}

function jsonOf({ end, lost, served, requests, seconds, latency, counters, highestView }: LocalResult) {
  return {
    ...{ end, lost, served, requests, seconds: round(seconds), latencyMs: latency, highestView },
    counters,
  };
}
