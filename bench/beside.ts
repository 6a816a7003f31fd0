// Real clusters beside the simulator: `npm run bench:beside -- [--requests N]`.
//
// First the wire's own delays are measured on this machine: how long a frame takes over TLS to a node that waits for it, a signature, its verification, and
// a sync of the log; and, in a cluster of four with one client, the processor time that a message costs its receiver, all in all. The simulator gets
// them as the delay of a message (TLS and one sync) and the processing time, on as many processors as this machine has. Then clusters of four and
// seven replicas serve one client and eight, with N requests each (default: 200), and both figures are printed, with the share of the
// processors that the replicas got: where others use the machine, that is why they are slower than simulated. It waits until all were served.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type Json, sign } from "../src/protocol/index.js";
import { LoadedClient } from "../src/run/client.js";
import { type NodeSettings, readNode } from "../src/run/cluster.js";
import { Connection } from "../src/run/connections.js";
import { Counters } from "../src/run/counters.js";
import { DurableLog } from "../src/run/durable-log.js";
import { frameOf } from "../src/run/frames.js";
import { Listener } from "../src/run/listener.js";
import { clusterPlan, freePorts, writeCluster } from "../src/run/plan.js";
import { Signatures } from "../src/run/signatures.js";
import { latencyMs } from "../src/simulate/percentiles.js";
import { defaults } from "../src/simulate/raw-options.js";
import { simulate } from "../src/simulate/result.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { replicaOf } from "./replica-process.js";

const { values } = benchArguments({ options: { requests: { type: "string", default: "200" } } });
const requests = positiveNumber(values.requests, "--requests");
const directory = mkdtempSync(join(tmpdir(), "turncoat-beside-"));
const processors = availableParallelism();
/** Nobody is suspected while the machine is busy. */
const timeout = "60s";
/** How often each delay is measured; the median counts. */
const times = 200;

try {
  const wire = await wireDelays();
  const one = await real(4, 1, requests);
  console.log(
    `${processors} processors, load average ${loadavg()[0]!.toFixed(1)}; medians of ${times}: one way over TLS ${inMs(wire.tls)}, signing ${inMs(wire.sign)}, verifying ${inMs(wire.verify)}, fdatasync ${inMs(wire.sync)}; processor time for a message, all in all: ${inMs(one.processingMs)}`,
  );
  const rows = [];
  for (const [replicas, clients] of [
    [4, 1],
    [4, 8],
    [7, 1],
    [7, 8],
  ] as const) {
    const measured =
      replicas === 4 && clients === 1 ? one : await real(replicas, clients, Math.ceil(requests / clients));
    const predicted = await simulate({
      ...defaults,
      ...{ replicas, faults: (replicas - 1) / 3, clients, requests: Math.ceil(requests / clients) },
      ...{ processors, processingDelayMs: one.processingMs, timeoutMs: 60_000 },
      delay: { kind: "constant", ms: wire.tls + wire.sync },
    });
    rows.push(row(replicas, clients, measured, predicted.latencyMs!.p50, predicted.throughputPerSecond!));
    console.log(JSON.stringify(rows.at(-1)));
  }
  console.table(rows);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

type Measured = Awaited<ReturnType<typeof real>>;

function row(
  replicas: number,
  clients: number,
  { p50, p99, rate, share }: Measured,
  latency: number,
  throughput: number,
) {
  return {
    ...{ replicas, clients },
    "p50 ms": round(p50),
    "p99 ms": round(p99),
    "simulated p50 ms": round(latency),
    "p50 to simulated": round(p50 / latency),
    "a second": round(rate),
    "simulated a second": round(throughput),
    "rate to simulated": round(rate / throughput),
    "share of the processors": round(share),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function inMs(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}

/** Runs a cluster of processes, and clients here. */
async function real(replicas: number, clients: number, each: number) {
  const nodes = await clusterOf(`real-${replicas}-${clients}`, replicas, clients);
  const processes = nodes.slice(0, replicas).map(({ file }) => replicaOf(file));
  await Promise.all(processes.map(({ listening }) => listening));
  const asking = nodes.slice(replicas).map(({ settings }) => new LoadedClient(settings, { requests: each }));
  const cpuBefore = processes.map(({ child }) => cpuSeconds(child.pid!));
  const since = performance.now();
  for (const one of asking) await one.start();
  await Promise.all(asking.map(({ done }) => done));
  const seconds = (performance.now() - since) / 1000;
  const cpu = processes.reduce(
    (sum, { child }, index) => sum + cpuSeconds(child.pid!) - cpuBefore[index]!,
    0,
  );
  for (const one of asking) await one.stop();
  for (const { child } of processes) child.stdin!.end();
  const counters = await Promise.all(processes.map(({ stopped }) => stopped));
  const received = counters.reduce((sum, one) => sum + (one?.accepted ?? 0), 0);
  const { p50, p99 } = latencyMs(asking.flatMap(({ latencies }) => latencies))!;
  const share = cpu / (seconds * processors);
  return { p50, p99, rate: (clients * each) / seconds, processingMs: (1000 * cpu) / received, share };
}

/** The processor time that a process has used, in seconds: Linux counts in hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function clusterOf(name: string, replicas: number, clients: number) {
  const ports = await freePorts(replicas + clients);
  const plan = await clusterPlan({ replicas, clients, timeout }, (index) => ({
    host: "127.0.0.1",
    port: ports[index]!,
  }));
  const files = await writeCluster(plan, join(directory, name));
  return Promise.all(files.map(async (file) => ({ file, settings: await readNode(file) })));
}

/** The medians of single delays, in milliseconds. */
async function wireDelays() {
  const [a, b] = (await clusterOf("delays", 4, 1)).map(({ settings }) => settings) as [
    NodeSettings,
    NodeSettings,
  ];
  const { cluster, signingKey } = a;
  const identity = { cluster: cluster.file.id, signingKey, publicKeys: cluster.publicKeys };
  const signer = new Signatures({ ...identity, self: "r0" });
  const verifier = new Signatures({ ...identity, self: "r1" });
  const vote = (slot: number): Json => ({ tag: "prepare", view: 0, slot, digest: "c0:1:A" });
  const signatures = Array.from({ length: times }, (_, slot) => timed(() => signer.sign(vote(slot))));
  const verified = signatures.map(({ result }, slot) =>
    timed(() => verifier.verify("r0", vote(slot), result)),
  );
  if (verified.some(({ result }) => !result)) throw new Error("a signature does not verify");
  return {
    sign: median(signatures.map(({ ms }) => ms)),
    verify: median(verified.map(({ ms }) => ms)),
    sync: await syncMs(join(directory, "sync")),
    tls: await tlsMs(a, b, JSON.stringify(sign("r0", vote(1)))),
  };
}

async function syncMs(file: string): Promise<number> {
  const all: number[] = [];
  const log = new DurableLog(file, { cluster: "1", node: "r0" }, (seconds) => all.push(seconds * 1000));
  const standing = { id: "1", step: 1, sent: 0, acknowledged: {}, received: {}, deferred: {} };
  for (let stable = 0; stable <= times; stable++) {
    log.write({ stable, signatures: [], standing, sent: [] }, () => ({ signatures: [], sent: [] }));
    await log.sync();
  }
  log.close();
  return median(all);
}

async function tlsMs(a: NodeSettings, b: NodeSettings, text: string): Promise<number> {
  let arrived = () => {};
  const listener = new Listener(b, new Counters(), () => arrived());
  await listener.listen();
  const connection = new Connection(a, b.member, new Counters());
  const all: number[] = [];
  for (let time = 0; time <= times; time++) {
    const since = performance.now();
    await new Promise<void>((resolve) => {
      arrived = resolve;
      connection.send(frameOf(text)!);
    });
    if (time > 0) all.push(performance.now() - since); // the first makes the connection
  }
  connection.close();
  listener.close();
  return median(all);
}

function timed<T>(act: () => T): { readonly result: T; readonly ms: number } {
  const since = performance.now();
  const result = act();
  return { result, ms: performance.now() - since };
}

function median(all: readonly number[]): number {
  return [...all].sort((x, y) => x - y)[Math.floor(all.length / 2)]!;
}
