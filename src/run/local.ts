// A cluster on one machine: each replica is a process, and the clients are nodes of this one. It ends when every request has been
// served; then the replicas are stopped.

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Config, NodeId } from "../protocol/index.js";
import { type Latency, latencyMs } from "../simulate/percentiles.js";
import type { NodeSettings } from "./cluster.js";
import type { CountersSnapshot } from "./counters.js";
import { Load } from "./load.js";
import { NodeService } from "./service.js";

/** A cluster that is to run. */
export interface LocalPlan {
  readonly replicas: readonly { readonly node: NodeId; readonly file: string }[];
  readonly clients: readonly NodeSettings[];
  /** The requests of each client. */
  readonly requests: number;
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
  | { readonly kind: "served" | "interrupted" | "out-of-time" }
  /** A replica ended by itself. */
  | { readonly kind: "lost"; readonly node: NodeId; readonly said: string };

/** A run that has ended. */
export interface LocalResult {
  readonly end: LocalEnd;
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
  const loads = plan.clients.map((settings, index) => new ClientInProcess(settings, index, plan.requests));
  let end: LocalEnd = { kind: "interrupted" };
  let seconds = 0;
  try {
    const lost = Promise.race(replicas.map(({ lost }) => lost));
    const interrupted = new Promise<LocalEnd>((resolve) => {
      const stop = () => resolve({ kind: "interrupted" });
      options.signal.aborted ? stop() : options.signal.addEventListener("abort", stop);
    });
    const listening = Promise.all(replicas.map((replica) => replica.listening)).then(() => null);
    const early = await Promise.race([listening, lost, interrupted]);
    if (early !== null) end = early;
    else {
      const since = performance.now();
      const elapsed = () => (performance.now() - since) / 1000;
      for (const load of loads) await load.start();
      const progress = setInterval(() => options.onProgress?.(servedBy(loads), elapsed()), progressMs);
      const outOfTime = timeLimit(options.maxSeconds);
      const served = Promise.all(loads.map(({ done }) => done)).then((): LocalEnd => ({ kind: "served" }));
      end = await Promise.race([served, lost, interrupted, outOfTime.over]);
      seconds = elapsed();
      clearInterval(progress);
      outOfTime.cancel();
    }
  } finally {
    await Promise.all([...replicas.map((replica) => replica.stop()), ...loads.map((load) => load.stop())]);
  }
  const latencies = loads.flatMap((load) => load.latencies);
  return {
    ...{ end, served: latencies.length, requests: plan.requests * loads.length, seconds },
    latency: latencyMs(latencies),
    counters: Object.fromEntries([
      ...replicas.map(({ node, counters }) => [node, counters]),
      ...loads.map(({ node, counters }) => [node, counters]),
    ]),
    highestView: Math.max(0, ...replicas.map(({ view }) => view)),
  };
}

function servedBy(loads: readonly ClientInProcess[]): number {
  return loads.reduce((sum, load) => sum + load.latencies.length, 0);
}

function timeLimit(seconds: number | undefined): { readonly over: Promise<LocalEnd>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<LocalEnd>((resolve) => {
    if (seconds !== undefined) timer = setTimeout(() => resolve({ kind: "out-of-time" }), seconds * 1000);
  });
  return { over, cancel: () => clearTimeout(timer) };
}

/** What a replica logs that its parent reads; docs/run.md has all fields. */
interface LogLine {
  readonly msg?: string;
  readonly view?: number | null;
  readonly counters?: CountersSnapshot;
}

/** A replica that runs as a process. What it logs is written to a file. */
class ReplicaProcess {
  readonly node: NodeId;
  /** Ends when it listens. */
  readonly listening: Promise<void>;
  /** Ends when the process ends before it was told to. */
  readonly lost: Promise<LocalEnd>;
  counters: CountersSnapshot | null = null;
  view = 0;
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
        if (typeof line?.view === "number") this.view = Math.max(this.view, line.view);
        if (line?.counters !== undefined) this.counters = line.counters;
      });
    });
    this.lost = new Promise((resolve) => {
      const gone = () => !this.#isStopping && resolve({ kind: "lost", node, said: said.trim() });
      child.on("error", gone);
      child.on("close", gone);
    });
    this.#ended = new Promise((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => log.end(resolve));
    });
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

/** A client that runs in this process. */
class ClientInProcess {
  readonly done: Promise<void>;
  readonly node: NodeId;
  readonly #service: NodeService;
  readonly #load: Load;
  #isStarted = false;

  constructor(settings: NodeSettings, index: number, requests: number) {
    const { cluster, member } = settings;
    this.node = member.id;
    const config: Config = { ...cluster.config, ...(requests > 1 && { operations: requests }) };
    const { protocol } = cluster;
    const load = new Load({ protocol, config, client: member.id, index, requests }, (request) =>
      this.#service.driver.handle({ kind: "request", request }),
    );
    this.#load = load;
    let [done, failed] = [() => {}, (_: unknown) => {}];
    this.done = new Promise((resolve, reject) => {
      [done, failed] = [resolve, reject];
    });
    this.done.catch(() => {}); // it is waited for later, or something else has ended the run
    this.#service = new NodeService(settings, {
      config,
      observe: (events) => {
        load.observe(events);
        if (load.isDone) done();
      },
      fail: failed,
    });
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#service.start();
    this.#load.begin();
  }

  get latencies(): readonly number[] {
    return this.#load.latencies;
  }

  get counters(): CountersSnapshot {
    return this.#service.counters.snapshot();
  }

  async stop(): Promise<void> {
    if (this.#isStarted) await this.#service.stop();
  }
}
