// `turncoat run --local`: a whole cluster on this machine.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProtocol } from "../catalogue/index.js";
import { counted } from "../parameters/words.js";
import { recordFilesIn } from "../records/index.js";
import { round } from "../report/numbers.js";
import { type Audit, audit } from "../run/audit.js";
import { faultNames } from "../run/byzantine/kinds.js";
import { readNodes } from "../run/cluster.js";
import { type LocalResult, runLocal } from "../run/local.js";
import { detour } from "../run/nemesis/detour.js";
import { type NemesisPlan, nemesisPlan } from "../run/nemesis/plan.js";
import { type ClusterOptions, clusterPlan, freePorts, writeCluster } from "../run/plan.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { printJson } from "./print-json.js";
import { auditLine, isSound, nemesisSummary, runSummary } from "./run-summary.js";

/** What the command line asks for. */
export interface LocalRunOptions {
  readonly requests?: number;
  readonly dir?: string;
  readonly maxSeconds?: number;
  readonly json?: boolean;
  /** What goes wrong meanwhile: a file or names. */
  readonly nemesis?: string;
}

/** The requests of a client, unless somebody says how many. */
export const usualRequests = 100;

/** Makes a cluster, runs it, and says what came of it; the exit code. */
export async function runLocally(asked: ClusterOptions, options: LocalRunOptions): Promise<number> {
  const { dir, maxSeconds, json, nemesis } = options;
  const signal = onInterrupt();
  const directory = dir ?? join("turncoat-run", new Date().toISOString().replaceAll(/[:.]/g, "-"));
  const requested = { ...asked, ...(options.requests && { requests: options.requests }) };
  const cluster = await newCluster(requested, directory, nemesis);
  const { replicas, clients, requests, plan, proxy } = cluster;
  const total = requests * Math.max(1, clients.length);
  if (!json)
    console.log(
      `${asked.protocol}: ${counted(replicas.length, "replica")} as processes of this machine, ${counted(clients.length, "client")}; keys, logs and records in ${directory}`,
    );
  const result = await runLocal(
    {
      ...{ ...cluster, directory, ...(plan !== null && { nemesis: { plan, proxy } }) },
      script: fileURLToPath(new URL("./main.js", import.meta.url)),
    },
    {
      ...{ signal, maxSeconds },
      onProgress: (served, seconds) =>
        console.error(`${served} of ${total} requests served after ${Math.round(seconds)} s`),
      onFault: (what) => console.error(`nemesis: ${what}`),
    },
  ).finally(() => proxy?.close());
  const audited = await auditOf(cluster, directory);
  const outside = byzantineOf(cluster).length > cluster.faults;
  const of = { turncoat: version, command: "run", protocol: asked.protocol, replicas: replicas.length };
  const disturbed = plan !== null && { byzantine: plan.byzantine, outside };
  if (json) printJson({ ...of, directory, ...disturbed, ...jsonOf(result), audit: audited });
  else {
    const under = nemesisSummary(plan, result, cluster.faults);
    const summary = [...runSummary(result), ...under, auditLine(audited)];
    console.log([...summary, `Next: turncoat conform ${directory}`].join("\n"));
  }
  return exitCodeFor(result, plan, audited, outside);
}

type NewCluster = Awaited<ReturnType<typeof newCluster>>;

function byzantineOf({ plan }: NewCluster): readonly string[] {
  return Object.keys(plan?.byzantine ?? {});
}

/** Audits the records of the correct nodes. What f+1 replicas have said, so many less the Byzantine ones have executed. */
async function auditOf(cluster: NewCluster, directory: string): Promise<Audit> {
  const { replicas, clients, faults } = cluster;
  const byzantine = byzantineOf(cluster);
  const nodes = [...replicas.map(({ node }) => node), ...clients.map(({ member }) => member.id)];
  const records = nodes
    .filter((node) => !byzantine.includes(node))
    .map((node) => [node, recordFilesIn(join(directory, node))] as const);
  return audit(new Map(records), faults + 1 - Math.min(byzantine.length, faults));
}

/** Makes the keys of a cluster, each node of which listens on a free port. */
async function newCluster(asked: ClusterOptions, directory: string, nemesis: string | undefined) {
  const planned = await clusterPlan(asked, () => ({ host: "127.0.0.1", port: 1 }));
  const ports = await freePorts(planned.nodes.length);
  const plan = { ...planned, addresses: ports.map((port) => ({ host: "127.0.0.1", port })) };
  const ids = plan.nodes.filter(({ role }) => role === "replica").map(({ id }) => id);
  const disturbed =
    nemesis === undefined ? null : nemesisPlan(nemesis, ids, faultNames(await findProtocol(plan.protocol)));
  const files = await writeCluster(plan, directory);
  const proxy =
    disturbed !== null && disturbed.faults.length > 0 ? await detour(directory, "cluster.json") : null;
  const nodes = plan.nodes.map(({ id, role }, index) => ({ node: id, role, file: files[index]! }));
  const clients = await readNodes(nodes.filter(({ role }) => role === "client").map(({ file }) => file));
  const requests = clients.length > 0 ? Number(asked.requests ?? usualRequests) : plan.config.requests;
  return {
    ...{ plan: disturbed, proxy },
    replicas: nodes
      .filter(({ role }) => role === "replica")
      .map((replica) => ({ ...replica, adversary: disturbed?.byzantine[replica.node] })),
    clients,
    requests,
    faults: plan.config.faults,
  };
}

/** A fault that never happened shows nothing, so the run is not one under that nemesis. */
function exitCodeFor(
  { end, faults }: LocalResult,
  plan: NemesisPlan | null,
  audited: Audit,
  outside: boolean,
): number {
  if (end === "interrupted") return exitCode.interrupted;
  if (!isSound(audited) && !outside) return exitCode.violated;
  const isVacuous = plan?.faults.some(({ fault }) => faults[fault] === undefined) ?? false;
  return end === "served" && !isVacuous && isSound(audited) ? exitCode.holds : exitCode.undecided;
}

function jsonOf(result: LocalResult) {
  const { end, lost, served, requests, seconds, latency, counters, highestView, faults } = result;
  return {
    ...{ end, lost, served, requests, seconds: round(seconds), latencyMs: latency, highestView },
    ...{ faults, counters },
  };
}
