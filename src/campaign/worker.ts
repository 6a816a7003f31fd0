// A worker of a campaign: takes jobs from the queue and does them in threads of its own, beside the event loop,
// so that the locks of jobs are renewed whatever a job does. It may be lost at any moment: another worker is
// given its jobs some seconds later. What the jobs are is not its business: block-maker.ts makes random runs, and
// run-maker.ts searches.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { changesBetween, type Identity, partsNow } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import { BlockMaker } from "./block-maker.js";
import { isCheckPlan } from "./check-plan.js";
import { addJobs, defaultAhead, isOver, type Job, openQueue, queuePrefix } from "./jobs.js";
import type { JobMaker, WorkerCounts } from "./maker.js";
import type { FailureNews, News, RunNews } from "./news.js";
import { type AnyPlan, encodeAnyPlan } from "./plans.js";
import type { CampaignProgress } from "./progress.js";
import { RunMaker } from "./run-maker.js";
import { isRefusal, packages } from "./server.js";
import { CampaignStore, goneText } from "./store.js";

/** What a worker tells. */
export interface WorkerEvents {
  /** A run has failed, here or elsewhere. */
  readonly onFailure?: (failure: FailureNews) => void;
  /** A search has not come out as expected, here or elsewhere. */
  readonly onUnexpected?: (run: RunNews) => void;
  /** Called once a second. */
  readonly onProgress?: (progress: CampaignProgress, own: WorkerCounts) => void;
  /** An attempt at a job has failed: the machine has no memory left, for example. It is tried again a few times. */
  readonly onTrouble?: (job: string, reason: string) => void;
  /** The connection was lost, or is back. */
  readonly onConnection?: (isThere: boolean) => void;
}

/** Why a worker has ended. */
export type WorkerEnd = "over" | "stopped" | "drained" | "gone" | "changed";

export interface WorkerOptions extends WorkerEvents {
  readonly redis: Redis;
  readonly name: string;
  readonly plan: AnyPlan;
  readonly threads: number;
  /** It finishes what it has, and takes no more; searches are saved, and go on elsewhere. */
  readonly signal?: AbortSignal;
  /** Blocks beyond the merged ones; default {@link defaultAhead}. */
  readonly ahead?: number;
  /** How often a search is saved in the server, in seconds; default 60. */
  readonly saveEverySeconds?: number;
}

/** How often a worker looks around, in milliseconds. */
const lookEveryMs = 1000;

/** A lost worker's jobs are given to others after some five seconds (BullMQ's own settings: a minute). */
const takeover = { lockDuration: 5000, stalledInterval: 2000, maxStalledCount: 1_000_000 };

const changedText = "The code on this machine has changed since the campaign was started.";

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
  readonly #maker: JobMaker;
  #isDraining = false;
  /** Whether the server has refused to store something, and nothing was stored since. */
  #isRefused = false;
  #hasEnded = false;
  #end: WorkerEnd | null = null;
  #wake: () => void = () => {};

  constructor(options: WorkerOptions, queue: Queue<Job>) {
    const { redis, name, plan, threads } = options;
    this.#options = options;
    this.#queue = queue;
    this.#store = new CampaignStore(redis, name, encodeAnyPlan(plan));
    const bench = {
      ...{ store: this.#store, id: this.#id, threads },
      hasEnded: () => this.#end !== null,
      insist: <T>(store: () => Promise<T>) => this.#insist(store),
      refuseChangedCode: (protocol: string, identity: Identity) =>
        this.#refuseChangedCode(protocol, identity),
      trouble: (job: string, reason: string) => options.onTrouble?.(job, reason),
    };
    this.#maker = isCheckPlan(plan)
      ? new RunMaker(plan, bench, options.saveEverySeconds)
      : new BlockMaker(plan, bench);
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
    if (this.#end !== null) await this.#maker.dropAll();
    const closed = worker.close(); // takes no more, and waits for what it has
    if (this.#end === null) this.#maker.drain();
    await closed;
    await this.#look();
    await this.#maker.dropAll();
    news.disconnect();
    await this.#queue.close();
    await this.#store.workers.leave(this.#id);
    this.#hasEnded = true;
    return { end: this.#end ?? "drained", ...this.#maker.counts() };
  }

  async #takeJobs(): Promise<Worker<Job>> {
    const { Worker } = await packages();
    const { name, redis, threads, onConnection, onTrouble } = this.#options;
    const give = async (giveBack: () => Promise<unknown>) => {
      await giveBack();
      const error = new Error("given back");
      error.name = "WaitingError"; // by which BullMQ knows that it lies in the queue again
      throw error;
    };
    const worker = new Worker<Job>(
      name,
      (job, token) => this.#do(job.data, () => give(() => job.moveToWait(token))),
      { connection: redis as never, prefix: queuePrefix, concurrency: threads, ...takeover },
    );
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
      this.#maker.dropAbove(news.failure.part, news.failure.block);
    } else if ("unexpected" in news) this.#options.onUnexpected?.(news.unexpected);
    else {
      this.#end = "stopped";
      this.#wake();
    }
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
        if (failing !== null) this.#maker.dropAbove(part, failing);
      if (!this.#isDraining) await addJobs({ queue: this.#queue, store: this.#store, plan, ahead }, progress);
    }
    await this.#note();
    onProgress?.(progress, this.#maker.counts());
  }

  async #note(): Promise<void> {
    const { blocks, runs } = this.#maker.counts();
    const { threads } = this.#options;
    const doing = this.#maker.doing();
    const note = { name: this.#id, threads, blocks, runs, isDraining: this.#isDraining };
    await this.#store.workers.note({ ...note, ...(doing.length > 0 && { doing }) });
  }

  async #do(job: Job, giveBack: () => Promise<never>): Promise<void> {
    if (this.#end === "gone") throw new Error(goneText); // it may be a job of another campaign with this name
    if (this.#end === "changed") throw new Error(changedText);
    if (this.#end !== null) return;
    await this.#maker.do(job, giveBack);
    this.#wake();
  }

  /** Ends this worker if its code is no longer the campaign's. A thread loads what lies on disk when it starts. */
  async #refuseChangedCode(protocol: string, identity: Identity): Promise<void> {
    if (changesBetween(identity.parts, await partsNow(protocol)).length === 0) return;
    this.#end ??= "changed";
    this.#wake();
    throw new Error(changedText); // another worker is given the job
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
