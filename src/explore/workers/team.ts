// The coordinator of several workers: it divides the states found so far among them, and lets them do level after level
// until nothing is left, something is violated, or a limit is reached.

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { UserError } from "../../model/errors.js";
import { Successors } from "../../model/successors.js";
import type { TransitionSystem } from "../../model/system.js";
import type { Reduction } from "../verdict.js";
import type { VisibleSteps } from "../visible-steps.js";
import type { VisitedSet } from "../visited.js";
import { Contents } from "./contents.js";
import { Outgoing } from "./numbers.js";
import {
  type Assignment,
  Board,
  type Order,
  type Records,
  type Report,
  type SettingSource,
  type Summary,
  type WorkerCounts,
} from "./wire.js";

/** What the workers take over. */
export interface HandOver {
  readonly source: SettingSource;
  readonly workers: number;
  readonly reduction: Reduction;
  readonly system: TransitionSystem;
  readonly visible: VisibleSteps | null;
  readonly visited: VisitedSet;
  /** The states up to this number were expanded; they fill whole levels. */
  readonly expanded: number;
  readonly depth: number;
}

/** How far the workers have come, together. */
export interface TeamCounts extends WorkerCounts {
  readonly depth: number;
}

/** What `withTeam` asks of the search that it finishes. */
export interface Oversight {
  /** Called a few times a second and before each level; may return why to stop. */
  watch(counts: TeamCounts, isLevelNext: boolean): string | null;
  /** Between two levels: whether everything is to be saved. It will be saved when a search is stopped, too, if it is not null. */
  readonly isSaveDue: (() => boolean) | null;
  /** Gets all states of all workers, expanded up to and with this depth. */
  save(records: readonly Records[], depth: number): void;
}

/** How it ended. */
export interface TeamOutcome extends TeamCounts {
  readonly isViolated: boolean;
  /** What `watch` said, or null. */
  readonly stopped: string | null;
  readonly summaries: readonly Summary[];
}

/** How often `watch` is asked, in milliseconds. */
const watchMs = 100;

/**
 * Lets workers finish a search.
 *
 * @throws {UserError} what a worker throws.
 */
export async function withTeam(handOver: HandOver, oversight: Oversight): Promise<TeamOutcome> {
  const board = new Board(handOver.workers);
  const workers = assignments(handOver, board).map(
    ({ assignment, transfer }) =>
      new Worker(new URL("./thread.js", import.meta.url), {
        workerData: assignment,
        transferList: transfer,
      }),
  );
  let { depth } = handOver;
  let levelsDone = depth;
  let stopped: string | null = null;
  const counts = (): TeamCounts => ({ ...board.totals, depth });
  const timer = setInterval(() => {
    stopped ??= oversight.watch(counts(), false);
    if (stopped !== null) board.stop();
  }, watchMs);
  const save = async (depthDone: number, order: Order) => {
    const reports = await Promise.all(workers.map((worker) => next(worker, order)));
    const records = reports.flatMap((report) => (report.kind === "records" ? [report.records] : []));
    oversight.save(records, depthDone);
  };
  try {
    await Promise.all(workers.map((worker) => next(worker, null)));
    let [isViolated, isWhole] = [false, true];
    let before = handOver.visited.count;
    for (;;) {
      depth++;
      stopped ??= oversight.watch(counts(), true);
      if (stopped !== null) break;
      const reports = await Promise.all(workers.map((worker) => next(worker, "level")));
      isViolated = reports.some((report) => report.kind === "level" && report.isViolated);
      isWhole = reports.every((report) => report.kind === "level" && report.isWhole);
      if (isViolated || !isWhole) break;
      levelsDone = depth;
      const { states } = board.totals;
      if (states === before) break;
      before = states;
      if (oversight.isSaveDue?.()) await save(levelsDone, "records");
    }
    if (stopped !== null && !isViolated && oversight.isSaveDue)
      await save(levelsDone, isWhole ? "records" : "records before the level");
    const ends = isViolated ? [] : await Promise.all(workers.map((worker) => next(worker, "end")));
    const summaries = ends.flatMap((report) => (report.kind === "end" ? [report.summary] : []));
    return { ...counts(), isViolated, stopped, summaries };
  } finally {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const heapExhausted = new UserError(
  "bad-option",
  "A worker thread has used up V8's heap: try --workers 1, or raise it with NODE_OPTIONS=--max-old-space-size.",
);

/** The next report of a worker, after giving it an order. */
function next(worker: Worker, order: Order | null): Promise<Report> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      action();
    };
    const onMessage = (report: Report) =>
      settle(() => {
        if (report.kind !== "error") resolve(report);
        else if (report.code === null) reject(new Error(report.message));
        else reject(new UserError(report.code, report.message));
      });
    const onError = (error: Error & { readonly code?: string }) =>
      settle(() => reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? heapExhausted : error));
    const onExit = () => settle(() => reject(new Error("a worker thread ended too early")));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    if (order !== null) worker.postMessage(order);
  });
}

function assignments(
  handOver: HandOver,
  board: Board,
): { readonly assignment: Assignment; readonly transfer: (MessagePort | ArrayBuffer)[] }[] {
  const { source, workers, reduction, system, visited, expanded } = handOver;
  const deciding = decidingNodes(handOver);
  const contents = new Contents(system);
  const vector = new Int32Array(system.width);
  const owned: number[][] = Array.from({ length: workers }, () => []);
  for (let state = 0; state < visited.count; state++)
    owned[contents.owner(visited.read(state, vector), deciding, workers)]!.push(state);
  const definitions = new Outgoing(system).definitions();
  const ports: (MessagePort | null)[][] = owned.map(() => new Array<null>(workers).fill(null));
  for (let a = 0; a < workers; a++)
    for (let b = a + 1; b < workers; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]![b] = port1;
      ports[b]![a] = port2;
    }
  return owned.map((states, index) => {
    const vectors = new Int32Array(states.length * system.width);
    for (const [at, state] of states.entries()) vectors.set(visited.read(state, vector), at * system.width);
    const assignment: Assignment = {
      source,
      reduction,
      index,
      workers,
      deciding,
      board: board.buffer,
      ports: ports[index]!,
      known: { definitions, vectors },
      expanded: states.filter((state) => state < expanded).length,
    };
    return { assignment, transfer: [vectors.buffer, ...ports[index]!.filter((port) => port !== null)] };
  });
}

/** So many of the states that were expanded last are looked at. */
const sampleStates = 1000;
/** No worker shall get more than this many times its share. */
const maxImbalance = 1.06;

/**
 * At most three nodes that divide the work evenly, if there are such: a transition of any other node leaves the state with
 * its owner. Of several choices, the one whose nodes move least.
 */
function decidingNodes({ system, visible, visited, expanded, workers }: HandOver): readonly number[] {
  const contents = new Contents(system);
  const out = new Successors();
  const moves = system.nodes.map(() => 0);
  const vectors: Int32Array[] = [];
  const first = expanded >> 1;
  const stride = Math.max(1, Math.floor((expanded - first) / sampleStates));
  for (let state = first; state < expanded; state += stride) {
    const vector = visited.read(state, new Int32Array(system.width));
    vectors.push(vector);
    (visible ?? system).successors(vector, 0, out);
    for (let index = 0; index < out.length; index++) moves[out.node(index)]!++;
  }
  const isEven = (nodes: readonly number[]) => {
    const shares = new Array<number>(workers).fill(0);
    for (const vector of vectors) shares[contents.owner(vector, nodes, workers)]!++;
    return Math.max(...shares) * workers <= maxImbalance * vectors.length;
  };
  const all = [...system.nodes.keys()];
  const larger = (sets: readonly number[][]) =>
    sets.flatMap((set) => all.filter((node) => node > set.at(-1)!).map((node) => [...set, node]));
  const singles = all.map((node) => [node]);
  const pairs = larger(singles);
  const cost = (nodes: readonly number[]) => nodes.reduce((sum, node) => sum + moves[node]!, 0);
  const candidates = [...singles, ...pairs, ...larger(pairs)].sort((a, b) => cost(a) - cost(b));
  return candidates.find(isEven) ?? all;
}
