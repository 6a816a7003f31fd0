// Real clusters beside the simulator: `npm run bench:beside -- [--requests N]`.
//
// What the simulator is given is measured in the same run that it is to predict, since on a busy machine nothing takes as long as it does alone:
// - how long a message occupies its replica: the time in which the thread that runs it ran or waited for a processor (Linux's schedstat), over all
//   messages that it took. The wait for others is in it, those of the cluster included, so the simulated replicas have a processor each;
// - while the cluster runs, in the process of the clients: one way over TLS, and a sync of the log, in the medians; both are the delay of a message;
// - what a message costs that process. The simulator's clients take no time, so what it takes to ask and to hear f+1 replies is added to the latency.
// Clusters of four and seven replicas serve one client and eight, with N requests each (default: 200); the rows have what was measured, what is
// predicted, and the quotient of both. It waits until all were served.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
  console.log(`${processors} processors, load average ${loadavg()[0]!.toFixed(1)}`);
  const rows = [];
  for (const [replicas, clients] of [
    [4, 1],
    [4, 8],
    [7, 1],
    [7, 8],
  ] as const) {
    const faults = (replicas - 1) / 3;
    const measured = await real(replicas, clients, Math.ceil(requests / clients));
    const { wire, occupiedMs, clientMs } = measured;
    const predicted = await simulate({
      ...defaults,
      ...{ replicas, faults, clients, requests: Math.ceil(requests / clients) },
      ...{ processors: replicas, processingDelayMs: occupiedMs, timeoutMs: 60_000 },
      delay: { kind: "constant", ms: wire.tls + 2 * wire.sync },
    });
    const asking = clientMs * (1 + faults + 1);
    const latency = predicted.latencyMs!.p50 + asking;
    rows.push(
      row(replicas, clients, measured, latency, (clients * 1000) / (predicted.latencyMs!.mean + asking)),
    );
    console.log(
      `n = ${replicas}, ${clients} clients: a message occupies a replica for ${inMs(occupiedMs)}, of which it runs ${inMs(measured.runMs)}, and a client for ${inMs(clientMs)}; ` +
        `one way over TLS ${inMs(wire.tls)}, fdatasync ${inMs(wire.sync)}, signing ${inMs(wire.sign)}, verifying ${inMs(wire.verify)}`,
    );
  }
  console.table(rows);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

type Measured = Awaited<ReturnType<typeof real>>;

function row(
  replicas: number,
  clients: number,
  { p50, p99, rate, share, load }: Measured,
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
    ...{ "share of the processors": round(share), "load average": round(load) },
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
  const pids = processes.map(({ child }) => child.pid!);
  const before = timesOf(pids);
  const began = performance.now();
  for (const one of asking) await one.start();
  const served = Promise.all(asking.map(({ done }) => done));
  const own = timesOf([process.pid]);
  const measuredBeside = wireDelays(`delays-${replicas}-${clients}`);
  await served;
  const seconds = (performance.now() - began) / 1000;
  const [passed, ownPassed] = [since(before), since(own)];
  const wire = await measuredBeside;
  const heard = asking.reduce((sum, { counters }) => sum + counters!.accepted, 0);
  for (const one of asking) await one.stop();
  for (const { child } of processes) child.stdin!.end();
  const counters = await Promise.all(processes.map(({ stopped }) => stopped));
  const received = counters.reduce((sum, one) => sum + (one?.accepted ?? 0), 0);
  const { p50, p99 } = latencyMs(asking.flatMap(({ latencies }) => latencies))!;
  return {
    ...{ p50, p99, rate: (clients * each) / seconds, wire, load: loadavg()[0]! },
    ...{ runMs: passed.ranMs / received, occupiedMs: (passed.ranMs + passed.waitedMs) / received },
    clientMs: (ownPassed.ranMs + ownPassed.waitedMs) / (heard + clients * each),
    share: passed.ranMs / (1000 * seconds * processors),
  };
}

interface ThreadTimes {
  readonly ranMs: number;
  /** How long it waited for a processor although it could have run. */
  readonly waitedMs: number;
}

/** By process and thread. */
function timesOf(pids: readonly number[]): ReadonlyMap<number, ReadonlyMap<string, ThreadTimes>> {
  return new Map(pids.map((pid) => [pid, new Map(threadsOf(pid))]));
}

function threadsOf(pid: number): (readonly [string, ThreadTimes])[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [ran, waited] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return [thread, { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 }];
  });
}

/** What has passed since: in each process for the thread that has done most, which is the one that runs the node. */
function since(before: ReturnType<typeof timesOf>): ThreadTimes {
  const busiest = [...before].map(([pid, threads]) => {
    const passed = threadsOf(pid).map(([thread, { ranMs, waitedMs }]) => {
      const first = threads.get(thread) ?? { ranMs: 0, waitedMs: 0 };
      return { ranMs: ranMs - first.ranMs, waitedMs: waitedMs - first.waitedMs };
    });
    return passed.sort((one, other) => other.ranMs - one.ranMs)[0]!;
  });
  const sum = (field: keyof ThreadTimes) => busiest.reduce((total, one) => total + one[field], 0);
  return { ranMs: sum("ranMs"), waitedMs: sum("waitedMs") };
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
async function wireDelays(name: string) {
  const [a, b] = (await clusterOf(name, 4, 1)).map(({ settings }) => settings) as [
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
    sync: await syncMs(join(directory, `${name}-sync`)),
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
