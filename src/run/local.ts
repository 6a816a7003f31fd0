// A cluster on one machine: each replica is a process, and the clients are nodes of this one. It ends when every request has been
// served, or without clients when every replica has executed all; then the replicas are stopped.

import type { NodeId } from "../protocol/index.js";
import { type Latency, latencyMs } from "../simulate/percentiles.js";
import { LoadedClient } from "./client.js";
import type { NodeSettings } from "./cluster.js";
import type { CountersSnapshot } from "./counters.js";
import { Nemesis } from "./nemesis/nemesis.js";
import type { FaultKind, NemesisPlan } from "./nemesis/plan.js";
import { NetworkProxy } from "./nemesis/proxy.js";
import { type LostReplica, type ReplicaPlan, ReplicaProcess } from "./replica-process.js";

/** A cluster that is to run. */
export interface LocalPlan {
  readonly replicas: readonly ReplicaPlan[];
  readonly clients: readonly NodeSettings[];
  /** The requests of each client; without clients all that there are, which every replica has from the start. */
  readonly requests: number;
  /** How many replicas may end by themselves. */
  readonly faults: number;
  /** Where the replicas' logs are written. */
  readonly directory: string;
  /** The script that runs a node whose file is its second argument: `turncoat`. */
  readonly script: string;
  /** What goes wrong meanwhile, and the proxy that its faults of the network need. Default: nothing. */
  readonly nemesis?: { readonly plan: NemesisPlan; readonly proxy: NetworkProxy | null };
}

/** What may end a run before every request is served. */
export interface LocalOptions {
  readonly signal: AbortSignal;
  readonly maxSeconds?: number | undefined;
  /** Called from time to time. */
  readonly onProgress?: (served: number, seconds: number) => void;
  /** Hears of each fault that begins or ends. */
  readonly onFault?: (what: string) => void;
}

/** Why a run ended. */
export type LocalEnd =
  | "served"
  | "interrupted"
  | "out-of-time"
  /** A replica ended before all were listening, or more than f did later. */
  | "lost";

/** A run that has ended. */
export interface LocalResult {
  readonly end: LocalEnd;
  /** Who ended before it was told to: up to f are borne. */
  readonly lost: readonly LostReplica[];
  readonly served: number;
  readonly requests: number;
  readonly seconds: number;
  readonly latency: Latency | null;
  /** By node; null if it has not told. */
  readonly counters: { readonly [node: NodeId]: CountersSnapshot | null };
  readonly highestView: number;
  /** How often each fault of a nemesis has happened. */
  readonly faults: { readonly [fault in FaultKind]?: number };
}

/** The faults of a nemesis come until this share of the requests was served: the rest is served in peace. */
const disturbedShare = 0.9;

const [progressMs, lookMs] = [1000, 50];

/** Runs a cluster. */
export async function runLocal(plan: LocalPlan, options: LocalOptions): Promise<LocalResult> {
  const replicas = plan.replicas.map((replica) => new ReplicaProcess(replica, plan));
  const clients = plan.clients.map((settings) => new LoadedClient(settings, { requests: plan.requests }));
  const lost: LostReplica[] = [];
  const nemesis = new Nemesis(plan.nemesis?.plan ?? nobody, {
    ...{ replicas, proxy: plan.nemesis?.proxy ?? new NetworkProxy() },
    tell: (what) => options.onFault?.(what),
  });
  let ended: Ended = { end: "interrupted", seconds: 0 };
  try {
    ended = await untilServed({ replicas, clients, lost, plan, nemesis }, options);
  } finally {
    await Promise.all([...replicas, ...clients].map((node) => node.stop()));
  }
  return {
    ...{
      ...ended,
      lost,
      served: servedBy({ clients, replicas }),
      requests: plan.requests * Math.max(1, clients.length),
    },
    latency: latencyMs(clients.flatMap(({ latencies }) => latencies)),
    counters: Object.fromEntries([...replicas, ...clients].map(({ node, counters }) => [node, counters])),
    highestView: Math.max(0, ...replicas.map(({ view }) => view)),
    faults: nemesis.happened,
  };
}

const nobody: NemesisPlan = { byzantine: {}, faults: [], calmSeconds: 1, times: 0 };

interface Ended {
  readonly end: LocalEnd;
  /** Since every replica listened. */
  readonly seconds: number;
}

/** The nodes of a cluster that has been started. */
interface Running {
  readonly replicas: readonly ReplicaProcess[];
  readonly clients: readonly LoadedClient[];
  /** Who has ended so far. */
  readonly lost: LostReplica[];
  readonly plan: LocalPlan;
  readonly nemesis: Nemesis;
}

async function untilServed(running: Running, options: LocalOptions): Promise<Ended> {
  const { replicas, clients, lost, plan } = running;
  const { signal, maxSeconds, onProgress } = options;
  const oneLost = Promise.race(replicas.map((replica) => replica.lost));
  const tooManyLost = new Promise<LocalEnd>((resolve) => {
    for (const replica of replicas)
      void replica.lost.then((one) => lost.push(one) > plan.faults && resolve("lost"));
  });
  const interrupted = new Promise<LocalEnd>((resolve) => {
    const stop = () => resolve("interrupted");
    signal.aborted ? stop() : signal.addEventListener("abort", stop);
  });
  const listening = Promise.all(replicas.map((replica) => replica.listening)).then(() => null);
  const early = await Promise.race([listening, oneLost.then((): LocalEnd => "lost"), interrupted]);
  if (early !== null) return { end: early, seconds: 0 };
  const since = performance.now();
  const elapsed = () => (performance.now() - since) / 1000;
  for (const client of clients) await client.start();
  const progress = setInterval(() => onProgress?.(servedBy(running), elapsed()), progressMs);
  const outOfTime = timeLimit(maxSeconds);
  const disturbing = disturbed(running);
  try {
    const ends = [served(running), tooManyLost, interrupted, outOfTime.over, disturbing.failed];
    return { end: await Promise.race(ends), seconds: elapsed() };
  } finally {
    clearInterval(progress);
    await disturbing.end();
    outOfTime.cancel();
  }
}

/** Ends when everything was served. */
async function served({ clients, replicas, plan }: Running): Promise<LocalEnd> {
  const correct = replicas.filter(({ isCorrect }) => isCorrect);
  await Promise.all(
    clients.length > 0
      ? clients.map(({ done }) => done)
      : correct.map((one) => Promise.race([one.executes(plan.requests), one.lost])),
  );
  return "served";
}

/** Lets the nemesis do what it is to do, until enough was served; `failed` ends only with an error, if a replica suffers a fault otherwise than it must. */
function disturbed(running: Running): { readonly failed: Promise<never>; end(): Promise<void> } {
  const { nemesis, clients, plan } = running;
  const enough = disturbedShare * plan.requests * Math.max(1, clients.length);
  const watch = setInterval(() => {
    if (servedBy(running) >= enough) nemesis.end();
  }, lookMs);
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // whoever waits for it hears of it
  const ended = nemesis.run().catch((error) => fail(error));
  return {
    failed,
    end: async () => {
      clearInterval(watch);
      nemesis.end();
      await ended;
    },
  };
}

/** Without clients a request counts once every correct replica has executed it. */
function servedBy({ clients, replicas }: Pick<Running, "clients" | "replicas">): number {
  const correct = replicas.filter(({ isCorrect }) => isCorrect);
  if (clients.length === 0) return Math.min(...correct.map(({ executed }) => executed));
  return clients.reduce((sum, { latencies }) => sum + latencies.length, 0);
}

function timeLimit(seconds: number | undefined): { readonly over: Promise<LocalEnd>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<LocalEnd>((resolve) => {
    if (seconds !== undefined) timer = setTimeout(() => resolve("out-of-time"), seconds * 1000);
  });
  return { over, cancel: () => clearTimeout(timer) };
}
