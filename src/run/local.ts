// A cluster on one machine: each replica is a process, and the clients are nodes of this one. It ends when every request has been
// served, or without clients when every replica has executed all; then the replicas are stopped.

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeId } from "../protocol/index.js";
import { type Latency, latencyMs } from "../simulate/percentiles.js";
import { LoadedClient } from "./client.js";
import type { NodeSettings } from "./cluster.js";
import type { CountersSnapshot } from "./counters.js";

/** A cluster that is to run. */
export interface LocalPlan {
  readonly replicas: readonly { readonly node: NodeId; readonly file: string }[];
  readonly clients: readonly NodeSettings[];
  /** The requests of each client; without clients all that there are, which every replica has from the start. */
  readonly requests: number;
  /** How many replicas may end by themselves. */
  readonly faults: number;
  /** Where the replicas' logs are written. */
  readonly directory: string;
  /** The script that runs a node whose file is its second argument: `turncoat`. */
  readonly script: string;
}

/** What may end a run before every request is served. */
export interface LocalOptions {
  readonly signal: AbortSignal;
  readonly maxSeconds?: number | undefined;
  /** Called from time to time. */
  readonly onProgress?: (served: number, seconds: number) => void;
}

/** Why a run ended. */
export type LocalEnd =
  | "served"
  | "interrupted"
  | "out-of-time"
  /** A replica ended before all were listening, or more than f did later. */
  | "lost";

/** A replica that ended by itself, with the end of what it has said on standard error. */
export interface LostReplica {
  readonly node: NodeId;
  readonly said: string;
}

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
}

/** How long a replica may take to stop before it is killed, in milliseconds. */
const stopMs = 10_000;

const progressMs = 1000;

/** Runs a cluster. */
export async function runLocal(plan: LocalPlan, options: LocalOptions): Promise<LocalResult> {
  const replicas = plan.replicas.map((replica) => new ReplicaProcess(replica, plan));
  const clients = plan.clients.map((settings) => new LoadedClient(settings, plan.requests));
  const lost: LostReplica[] = [];
  let ended: Ended = { end: "interrupted", seconds: 0 };
  try {
    ended = await untilServed({ replicas, clients, lost, plan }, options);
  } finally {
    await Promise.all([...replicas, ...clients].map((node) => node.stop()));
  }
  return {
    ...{
      ...ended,
      lost,
      served: servedBy(clients, replicas),
      requests: plan.requests * Math.max(1, clients.length),
    },
    latency: latencyMs(clients.flatMap(({ latencies }) => latencies)),
    counters: Object.fromEntries([...replicas, ...clients].map(({ node, counters }) => [node, counters])),
    highestView: Math.max(0, ...replicas.map(({ view }) => view)),
  };
}

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
}

async function untilServed(
  { replicas, clients, lost, plan }: Running,
  options: LocalOptions,
): Promise<Ended> {
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
  const progress = setInterval(() => onProgress?.(servedBy(clients, replicas), elapsed()), progressMs);
  const outOfTime = timeLimit(maxSeconds);
  const work =
    clients.length > 0
      ? clients.map(({ done }) => done)
      : replicas.map((one) => Promise.race([one.executes(plan.requests), one.lost]));
  const served = Promise.all(work).then((): LocalEnd => "served");
  try {
    const end = await Promise.race([served, tooManyLost, interrupted, outOfTime.over]);
    return { end, seconds: elapsed() };
  } finally {
    clearInterval(progress);
    outOfTime.cancel();
  }
}

/** Without clients a request counts once every replica has executed it. */
function servedBy(clients: readonly LoadedClient[], replicas: readonly ReplicaProcess[]): number {
  if (clients.length === 0) return Math.min(...replicas.map(({ executed }) => executed));
  return clients.reduce((sum, { latencies }) => sum + latencies.length, 0);
}

function timeLimit(seconds: number | undefined): { readonly over: Promise<LocalEnd>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<LocalEnd>((resolve) => {
    if (seconds !== undefined) timer = setTimeout(() => resolve("out-of-time"), seconds * 1000);
  });
  return { over, cancel: () => clearTimeout(timer) };
}

/** What a replica logs that its parent reads; docs/run.md has all fields. */
interface LogLine {
  readonly msg?: string;
  readonly view?: number | null;
  readonly executed?: number;
  readonly counters?: CountersSnapshot;
}

/** A replica that runs as a process. What it logs is written to a file. */
class ReplicaProcess {
  readonly node: NodeId;
  /** Ends when it listens. */
  readonly listening: Promise<void>;
  /** Ends when the process ends before it was told to. */
  readonly lost: Promise<LostReplica>;
  counters: CountersSnapshot | null = null;
  view = 0;
  executed = 0;
  #executes: { readonly count: number; readonly done: () => void } | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #isStopping = false;

  constructor({ node, file }: LocalPlan["replicas"][number], { directory, script }: LocalPlan) {
    this.node = node;
    const child = spawn(process.execPath, [script, "run", file, "--with-parent"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    child.stdin!.on("error", () => {}); // it has ended, which "exit" tells
    const log = createWriteStream(join(directory, `${node}.log`), { flags: "a" });
    child.stdout!.pipe(log, { end: false });
    let said = "";
    child.stderr!.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-10_000);
      log.write(chunk);
    });
    this.listening = new Promise((resolve) => {
      createInterface({ input: child.stdout! }).on("line", (text) => {
        const line = lineOf(text);
        if (line?.msg === "listening") resolve();
        if (line !== null) this.#hear(line);
      });
    });
    this.lost = new Promise((resolve) => {
      const gone = () => !this.#isStopping && resolve({ node, said: said.trim() });
      child.on("error", gone);
      child.on("close", gone);
    });
    this.#ended = new Promise((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => log.end(resolve));
    });
  }

  /** Ends when it has executed so many requests. */
  executes(count: number): Promise<void> {
    return new Promise((done) => {
      this.#executes = { count, done };
      this.#hear({});
    });
  }

  #hear({ view, executed = 0, counters }: LogLine): void {
    if (typeof view === "number") this.view = Math.max(this.view, view);
    if (counters !== undefined) this.counters = counters;
    this.executed = Math.max(this.executed, executed);
    if (this.#executes !== null && this.executed >= this.#executes.count) this.#executes.done();
  }

  /** Ends it gracefully, or by force if that takes too long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.stdin!.end();
    const force = setTimeout(() => this.#child.kill("SIGKILL"), stopMs);
    await this.#ended;
    clearTimeout(force);
  }
}

function lineOf(text: string): LogLine | null {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
