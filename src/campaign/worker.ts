// A worker of a campaign: takes jobs from the queue and does them in threads of its own, beside the event loop,
// so that the locks of jobs are renewed whatever a block does. It may be lost at any moment: another worker is
// given its jobs some seconds later.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { BlockResult } from "../fuzz/block.js";
import { type BlockNote, type BlockTask, blockThread } from "../fuzz/workers/pool.js";
import { changesBetween, partsNow } from "../identity/identity.js";
import { isFault, UserError } from "../model/errors.js";
import { OneThread, ThreadEnded } from "../threads/one.js";
import { portableError } from "../threads/portable-error.js";
import { addJobs, defaultAhead, isOver, type Job, openQueue, queuePrefix } from "./jobs.js";
import { encodeOutcome, type Merged, type MergeTask } from "./merge.js";
import { blocksOf, type CampaignPlan, encodePlan, threadStartOf } from "./plan.js";
import { isRefusal, packages } from "./server.js";
import { type CampaignProgress, CampaignStore, type FailureNews, goneText, type News } from "./store.js";

/** What a worker tells. */
export interface WorkerEvents {
  /** A run has failed, here or elsewhere. */
  readonly onFailure?: (failure: FailureNews) => void;
  /** Called once a second. */
  readonly onProgress?: (progress: CampaignProgress, own: WorkerCounts) => void;
  /** An attempt at a job has failed: the machine has no memory left, for example. It is tried again a few times. */
  readonly onTrouble?: (job: string, reason: string) => void;
  /** The connection was lost, or is back. */
  readonly onConnection?: (isThere: boolean) => void;
}

/** What a worker has done. */
export interface WorkerCounts {
  readonly blocks: number;
  readonly runs: number;
  /** Runs of blocks that are being made. */
  readonly runsUnderWay: number;
  readonly merges: number;
  /** Blocks that somebody else had counted before. */
  readonly again: number;
  /** Seconds spent in blocks, of all threads. */
  readonly blockSeconds: number;
}

/** Why a worker has ended. */
export type WorkerEnd = "over" | "stopped" | "drained" | "gone" | "changed";

export interface WorkerOptions extends WorkerEvents {
  readonly redis: Redis;
  readonly name: string;
  readonly plan: CampaignPlan;
  readonly threads: number;
  /** It finishes what it has, and takes no more. */
  readonly signal?: AbortSignal;
  /** Blocks beyond the merged ones; default {@link defaultAhead}. */
  readonly ahead?: number;
}

/** How often a worker looks around, in milliseconds. */
const lookEveryMs = 1000;

/** A lost worker's jobs are given to others after some five seconds (BullMQ's own settings: a minute). */
const takeover = { lockDuration: 5000, stalledInterval: 2000, maxStalledCount: 1_000_000 };

const changedText = "The code on this machine has changed since the campaign was started.";

const mergeThread = new URL("./merge-thread.js", import.meta.url);

type MergeThread = OneThread<MergeTask, Merged>;
type BlockThread = OneThread<BlockTask, BlockResult, BlockNote>;

/** A thread, and the block that it is making. */
interface Slot {
  part: number | null;
  block: number | null;
  runs: number;
  thread: BlockThread | null;
  isFree: boolean;
}

/** Works for one campaign until it is over, stopped, or `signal` says so. */
export async function work(options: WorkerOptions): Promise<{ readonly end: WorkerEnd } & WorkerCounts> {
  const worker = new CampaignWorker(options, await openQueue(options.redis, options.name));
  return worker.toEnd();
}

class CampaignWorker {
  readonly #options: WorkerOptions;
  readonly #queue: Queue<Job>;
  readonly #store: CampaignStore;
  readonly #id = `${hostname()}-${process.pid}-${randomBytes(2).toString("hex")}`;
  readonly #slots: Slot[];
  readonly #counts = { blocks: 0, runs: 0, merges: 0, again: 0, blockSeconds: 0 };
  /** Threads that merge. One is kept: starting a thread costs more than merging. */
  readonly #merges = new Set<MergeThread>();
  #idleMerge: MergeThread | null = null;
  #isDraining = false;
  /** Whether the server has refused to store something, and nothing was stored since. */
  #isRefused = false;
  #hasEnded = false;
  #end: WorkerEnd | null = null;
  #wake: () => void = () => {};

  constructor(options: WorkerOptions, queue: Queue<Job>) {
    this.#options = options;
    this.#queue = queue;
    this.#store = new CampaignStore(options.redis, options.name, encodePlan(options.plan));
    this.#slots = Array.from({ length: options.threads }, () => ({
      ...{ part: null, block: null, runs: 0, thread: null, isFree: true },
    }));
  }

  async toEnd(): Promise<{ readonly end: WorkerEnd } & WorkerCounts> {
    const { signal } = this.#options;
    const news = await this.#listen();
    await this.#look();
    const worker = await this.#takeJobs();
    const drain = () => {
      this.#isDraining = true;
      this.#wake();
    };
    if (signal?.aborted) drain();
    signal?.addEventListener("abort", drain, { once: true });
    while (this.#end === null && !this.#isDraining) {
      await this.#pause();
      await this.#look();
    }
    if (this.#end === null) await this.#look(); // says that it is about to end
    if (this.#end !== null) await this.#dropAll();
    await worker.close();
    await this.#look();
    await this.#dropAll();
    news.disconnect();
    await this.#queue.close();
    await this.#store.leave(this.#id);
    this.#hasEnded = true;
    return { end: this.#end ?? "drained", ...this.#ownCounts() };
  }

  async #takeJobs(): Promise<Worker<Job>> {
    const { Worker } = await packages();
    const { name, redis, threads, onConnection, onTrouble } = this.#options;
    const worker = new Worker<Job>(name, ({ data }) => this.#do(data), {
      connection: redis as never,
      prefix: queuePrefix,
      concurrency: threads,
      ...takeover,
    });
    worker.on("failed", (job, { message }) => {
      if (this.#end === null) onTrouble?.(job?.id ?? "?", message); // or the end says why
    });
    worker.on("error", () => {}); // a lost connection is waited out
    const tell = (isThere: boolean) => () => this.#hasEnded || onConnection?.(isThere);
    redis.on("close", tell(false));
    redis.on("ready", tell(true));
    return worker;
  }

  /** Listens to what others tell, on a connection of its own. */
  async #listen(): Promise<Redis> {
    const news = this.#options.redis.duplicate();
    news.on("error", () => {});
    await news.subscribe(this.#store.channel);
    news.on("message", (_, text) => this.#hear(JSON.parse(text) as News));
    return news;
  }

  #hear(news: News): void {
    if ("failure" in news) {
      this.#options.onFailure?.(news.failure);
      this.#dropAbove(news.failure);
    } else {
      this.#end = "stopped";
      this.#wake();
    }
  }

  /** Drops the blocks that are not needed after a failure: the campaign ends with the first. */
  #dropAbove({ part, block }: Pick<FailureNews, "part" | "block">): void {
    if (this.#options.plan.maxFailures > 1) return;
    for (const slot of this.#slots)
      if (slot.part === part && slot.block !== null && slot.block > block) void slot.thread?.end();
  }

  async #dropAll(): Promise<void> {
    const threads = [...this.#slots.flatMap(({ thread }) => thread ?? []), ...this.#merges];
    await Promise.all(threads.map((thread) => thread.end()));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookEveryMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Looks how far the campaign is, adds jobs, and says that it is there. */
  async #look(): Promise<void> {
    try {
      await this.#lookNow();
      this.#isRefused = false;
    } catch (error) {
      this.#tellRefusal(error);
    }
  }

  /** Asks the server to store something until it does: it may have no memory or disk left for a while. */
  async #insist<T>(store: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await store();
      } catch (error) {
        if (this.#end !== null) throw error;
        this.#tellRefusal(error);
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    }
  }

  /** Tells of a refusal that will be waited out, once. @throws any other error. */
  #tellRefusal(error: unknown): void {
    if (!isRefusal(error)) throw error;
    if (!this.#isRefused) this.#options.onTrouble?.("Storing in the server", error.message);
    this.#isRefused = true;
  }

  async #lookNow(): Promise<void> {
    const { plan, ahead = defaultAhead, onProgress } = this.#options;
    const progress = await this.#store.progress();
    if (progress === null) {
      this.#end ??= "gone";
      return;
    }
    if (isOver(progress)) {
      this.#end ??= progress.isStopped ? "stopped" : "over";
      await this.#store.end();
    } else {
      for (const [part, { failing }] of progress.parts.entries())
        if (failing !== null) this.#dropAbove({ part, block: failing });
      if (!this.#isDraining) await addJobs({ queue: this.#queue, store: this.#store, plan, ahead }, progress);
    }
    await this.#note();
    onProgress?.(progress, this.#ownCounts());
  }

  #ownCounts(): WorkerCounts {
    return { ...this.#counts, runsUnderWay: this.#slots.reduce((sum, { runs }) => sum + runs, 0) };
  }

  async #note(): Promise<void> {
    const { blocks, runs } = this.#counts;
    const { threads } = this.#options;
    await this.#store.note({ name: this.#id, threads, blocks, runs, isDraining: this.#isDraining });
  }

  async #do(job: Job): Promise<void> {
    if (this.#end === "gone") throw new Error(goneText); // it may be a job of another campaign with this name
    if (this.#end === "changed") throw new Error(changedText);
    if (this.#end !== null) return;
    if (job.kind === "merge") await this.#merge(job.part);
    else await this.#make(job.part, job.block);
  }

  async #make(part: number, block: number): Promise<void> {
    const { plan } = this.#options;
    if (!(await this.#store.needs(part, block, plan.maxFailures === 1))) return;
    const slot = this.#slots.find(({ isFree }) => isFree)!;
    slot.isFree = false;
    try {
      const made = await this.#outcome(slot, part, block);
      if (made === null) return;
      const bytes = encodeOutcome(made);
      const { runs, events } = "counts" in made ? made.counts : { runs: 0, events: 0 };
      const kept = await this.#insist(() => this.#store.keep(part, block, { bytes, runs, events }));
      if (kept === "again") this.#counts.again++;
      if (kept === "gone") throw new Error(goneText);
      if (kept === "again") return;
      this.#counts.blocks++;
      this.#counts.runs += runs;
      if ("counts" in made && made.failures[0]) await this.#tell(part, block, made.failures[0]);
    } finally {
      Object.assign(slot, { isFree: true, block: null, runs: 0 });
    }
    this.#wake();
  }

  /** The block's result, or the fault of the user's code in it; null if it was dropped because nobody needs it. */
  async #outcome(slot: Slot, part: number, block: number) {
    const thread = await this.#threadFor(slot, part);
    slot.block = block;
    const startedAt = performance.now();
    const hear = (note: BlockNote) => {
      if ("soFar" in note) slot.runs = note.soFar.runs;
      else this.#tell(part, block, note.failure).catch(() => {}); // told again with the block
    };
    try {
      const result = await thread.do({ block, sampleLevel: await this.#store.level(part) }, hear);
      if (result.isCut) throw new Error("A block was cut short: it does not count.");
      return result;
    } catch (error) {
      if (isFault(error)) return portableError(error);
      if (!(error instanceof ThreadEnded)) throw error; // BullMQ tries again
      if (await this.#store.needs(part, block, this.#options.plan.maxFailures === 1)) throw error;
      return null;
    } finally {
      this.#counts.blockSeconds += (performance.now() - startedAt) / 1000;
    }
  }

  async #threadFor(slot: Slot, part: number): Promise<BlockThread> {
    const { plan } = this.#options;
    if (slot.thread && !slot.thread.hasEnded && slot.part === part) return slot.thread;
    await slot.thread?.end();
    await this.#refuseChangedCode(part);
    const thread: BlockThread = new OneThread(blockThread, threadStartOf(plan, plan.parts[part]!));
    Object.assign(slot, { thread, part });
    return thread;
  }

  /** Ends this worker if its code is no longer the campaign's. A thread loads what lies on disk when it starts. */
  async #refuseChangedCode(part: number): Promise<void> {
    const { setting, identity } = this.#options.plan.parts[part]!;
    if (changesBetween(identity.parts, await partsNow(setting.protocol)).length === 0) return;
    this.#end ??= "changed";
    this.#wake();
    throw new Error(changedText); // another worker is given the job
  }

  readonly #told = new Set<string>();

  /** Tells everybody of the first failure of a block. */
  async #tell(part: number, block: number, failure: BlockResult["failures"][number]): Promise<void> {
    const key = `${part}:${block}`;
    if (this.#told.has(key)) return;
    const { run, path, counterexample } = failure;
    const { property, actions } = counterexample;
    const news = { part, block, run, path, property, actions: actions.length, by: this.#id };
    await this.#insist(() => this.#store.tellFailure(news));
    this.#told.add(key);
  }

  async #merge(part: number): Promise<void> {
    const { plan } = this.#options;
    const progress = await this.#store.progress();
    const {
      merged: from,
      ready,
      knownInARow,
      isOver: isDone,
    } = progress?.parts[part] ?? { merged: 0, ready: 0, knownInARow: 0, isOver: true };
    if (isDone || ready <= from) return;
    const end = Math.min(ready, from + 64);
    const blocks = Array.from({ length: end - from }, (_, n) => from + n);
    const outcomes = await this.#store.results(part, blocks);
    if (outcomes.some((one) => one === null)) return; // somebody else has merged them
    const state = await this.#store.state(part);
    await this.#refuseChangedCode(part);
    const thread = this.#mergeThread();
    try {
      const task = { plan, part, state, knownInARow, outcomes: outcomes as Buffer[] };
      const { isEnough, taken, ...merged } = await thread.do(task);
      const to = from + taken;
      const step = { from, to, ...merged, isOver: isEnough || to >= blocksOf(plan) };
      if (await this.#insist(() => this.#store.merge(part, step))) this.#counts.merges++;
    } catch (error) {
      if (!(error instanceof ThreadEnded) || this.#end === null) throw error;
    } finally {
      if (this.#idleMerge === null && !thread.hasEnded) this.#idleMerge = thread;
      else {
        this.#merges.delete(thread);
        await thread.end();
      }
    }
    this.#wake();
  }

  #mergeThread(): MergeThread {
    const idle = this.#idleMerge;
    this.#idleMerge = null;
    if (idle && !idle.hasEnded) return idle;
    const thread: MergeThread = new OneThread(mergeThread, undefined);
    this.#merges.add(thread);
    return thread;
  }
}

/** The plan of a campaign. @throws {UserError} `bad-option` if the server has none of that name. */
export async function planText(store: CampaignStore, server: string): Promise<string> {
  const text = await store.plan();
  if (text !== null) return text;
  throw new UserError(
    "bad-option",
    `${server} has no campaign ${store.name}. If it was there: the server was restarted without what it had on disk, or somebody has removed it. Start it again.`,
  );
}
