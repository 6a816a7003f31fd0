// What the server keeps of a campaign, besides the queue: the plan, how far each part is, the results of blocks
// that are not merged yet, and the merged state of each part (the text of a campaign file). A script on the
// server does each change as a whole, so that a machine may be lost between any two.
//
// A block counts once, however often it is delivered: its result is stored only if there is none, and only if
// the blocks up to it are not merged yet.

import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Coverage } from "../fuzz/index.js";
import type { PortableError } from "../threads/portable-error.js";
import { type CampaignHistory, historyIn } from "./history.js";
import type { FailureNews, News, RunNews } from "./news.js";
import { type CampaignProgress, progressIn } from "./progress.js";
import { failureScript, keepScript, mergeScript, minimizedScript, saveScript } from "./scripts.js";
import { WorkerNotes } from "./worker-notes.js";

/** One step of merging. */
export interface MergeStep {
  /** The blocks from `from` to before `to` come into the state. */
  readonly from: number;
  readonly to: number;
  readonly state: Uint8Array;
  readonly level: number;
  readonly knownInARow: number;
  readonly isOver: boolean;
  /** The paths of the distinct failures in the state. */
  readonly failures: readonly string[];
  /** What the state has seen; null: too little to tell. */
  readonly seen: { readonly runs: number; readonly coverage: Coverage } | null;
  readonly fault: PortableError | null;
}

const campaigns = "turncoat:campaigns";

/** Why a job of a campaign that the server no longer has is not done. */
export const goneText = "The server no longer has this campaign, or another one has its name.";

/** What the server has of one part at one moment, besides the bytes of results. */
export interface PartSnapshot {
  readonly progress: CampaignProgress;
  /** The merged state, deflated; null if nothing was merged yet. */
  readonly state: Buffer | null;
  /** What the user's code has thrown in the block after the merged ones; null: nothing. */
  readonly fault: PortableError | null;
  /** The numbers of the blocks whose results are not merged, in order. */
  readonly unmerged: readonly number[];
}

/** What is kept of a block. */
export interface KeptBlock {
  readonly bytes: Uint8Array;
  readonly runs: number;
  readonly events: number;
  /** The worker that has made it. */
  readonly by: string;
  /** How many blocks the part has, if it is over with the last of them. Default: it is over when they are merged. */
  readonly total?: number;
  /** What to tell everybody of it: with the result, or a worker that is lost in between would leave it untold. Default: nothing. */
  readonly unexpected?: RunNews | null;
}

/** The digest by which a worker knows its plan again. */
export function planDigest(plan: string): string {
  return createHash("sha256").update(plan).digest("hex");
}

/** The keys of one campaign; see the file comment. */
export class CampaignStore {
  readonly name: string;
  readonly workers: WorkerNotes;
  readonly #redis: Redis;
  readonly #plan: string;
  readonly #meta: string;
  readonly #results: string;
  readonly #states: string;
  readonly #workersKey: string;
  readonly #saved: string;
  readonly #history: string;
  readonly #digest: string;

  /**
   * `plan` is the text of a plan: then nothing is read or written unless the campaign has this plan. A server that
   * has lost its data may have another campaign of the name. Default: whatever has the name.
   */
  constructor(redis: Redis, name: string, plan?: string) {
    this.name = name;
    this.#digest = plan === undefined ? "" : planDigest(plan);
    this.#redis = redis;
    const prefix = `turncoat:{${name}}`;
    this.#plan = `${prefix}:plan`;
    this.#meta = `${prefix}:progress`;
    this.#results = `${prefix}:results`;
    this.#states = `${prefix}:states`;
    this.#workersKey = `${prefix}:workers`;
    this.workers = new WorkerNotes(redis, this.#workersKey);
    this.#saved = `${prefix}:saved`;
    this.#history = `${prefix}:history`;
  }

  /** The channel of {@link News}. */
  get channel(): string {
    return `turncoat:{${this.name}}:news`;
  }

  /** The names of all campaigns, oldest first. */
  static names(redis: Redis): Promise<string[]> {
    return redis.zrange(campaigns, 0, -1);
  }

  /** Keeps the plan of so many parts; false if it was there. */
  async begin(plan: string, parts: number): Promise<boolean> {
    const now = Date.now();
    const isNew = (await this.#redis.set(this.#plan, plan, "NX")) === "OK";
    await this.#redis.hsetnx(this.#meta, "startedAtMs", now);
    await this.#redis.hsetnx(this.#meta, "plan", planDigest((await this.plan()) ?? plan));
    await this.#redis.hsetnx(this.#meta, "parts", parts);
    await this.#redis.zadd(campaigns, "NX", now, this.name);
    return isNew;
  }

  /** The text of the plan; null if the server does not know the campaign. */
  plan(): Promise<string | null> {
    return this.#redis.get(this.#plan);
  }

  /** How far it is; null if the server does not know the campaign. */
  async progress(): Promise<CampaignProgress | null> {
    return progressIn(await this.#redis.hgetall(this.#meta), this.#digest);
  }

  /**
   * Whether a block is still wanted: nobody has made it, and the campaign needs it.
   *
   * @throws {Error} if the campaign is gone, or another has its name: then the job is not this worker's to finish.
   */
  async needs(part: number, block: number, stopsAtFailure: boolean): Promise<boolean> {
    const names = ["parts", "plan", "stopped", `over:${part}`, `merged:${part}`, `failing:${part}`];
    const [parts, plan, stopped, over, merged, failing] = await this.#redis.hmget(this.#meta, ...names);
    if (parts === null || (this.#digest !== "" && plan !== this.#digest)) throw new Error(goneText);
    if (stopped !== null || over !== null || Number(merged) > block) return false;
    if (stopsAtFailure && failing !== null && Number(failing) < block) return false;
    return (await this.#redis.hexists(this.#results, `${part}:${block}`)) === 0;
  }

  /** The level of a part's merged sample. */
  async level(part: number): Promise<number> {
    return Number(await this.#redis.hget(this.#meta, `level:${part}`));
  }

  /**
   * Counts a block: "again" if it was counted before, "gone" if the server no longer knows the campaign. The part is over with so
   * many blocks as `total` says; default: with merging.
   */
  async keep(
    part: number,
    block: number,
    { bytes, runs, events, by, total = 0, unexpected = null }: KeptBlock,
  ): Promise<"counted" | "again" | "gone"> {
    const news = unexpected === null ? "" : JSON.stringify({ unexpected } satisfies News);
    const counts = [runs, events, this.#digest, total, by];
    const values = [part, block, Buffer.from(bytes), ...counts, news, this.channel];
    const keys = [this.#meta, this.#results, this.#saved, this.#history];
    const answer = await this.#redis.eval(keepScript, 4, ...keys, ...values);
    return answer === 1 ? "counted" : answer === 0 ? "again" : "gone";
  }

  /** The results from one block to before another, which must all be there; null for one that is not. */
  results(part: number, blocks: readonly number[]): Promise<(Buffer | null)[]> {
    if (blocks.length === 0) return Promise.resolve([]);
    return this.#redis.hmgetBuffer(this.#results, ...blocks.map((block) => `${part}:${block}`));
  }

  /** What there is of a part; null if the server does not know the campaign. */
  async snapshot(part: number): Promise<PartSnapshot | null> {
    const answers = await this.#redis
      .multi()
      .hgetall(this.#meta)
      .hgetBuffer(this.#states, `${part}`)
      .hget(this.#states, `fault:${part}`)
      .hkeys(this.#results)
      .exec();
    const [fields, state, fault, results] = answers!.map(([error, value]) => {
      if (error) throw error;
      return value;
    }) as [Record<string, string>, Buffer | null, string | null, string[]];
    const progress = progressIn(fields, this.#digest);
    if (progress === null) return null;
    const unmerged = results
      .map((field) => field.split(":").map(Number))
      .filter(([of]) => of === part)
      .map(([, block]) => block!)
      .sort((a, b) => a - b);
    return { progress, state, fault: fault === null ? null : JSON.parse(fault), unmerged };
  }

  /** The merged state of a part, deflated; null if nothing was merged yet. */
  state(part: number): Promise<Buffer | null> {
    return this.#redis.hgetBuffer(this.#states, `${part}`);
  }

  /** Replaces the merged state by one with the blocks up to before `to`; false if somebody else has merged meanwhile. */
  async merge(
    part: number,
    { from, to, state, level, knownInARow, isOver, failures, seen, fault }: MergeStep,
  ): Promise<boolean> {
    const flags = [
      level,
      knownInARow,
      isOver ? 1 : 0,
      fault === null ? "" : JSON.stringify(fault),
      this.#digest,
      JSON.stringify(failures),
      seen === null ? "" : JSON.stringify(seen),
    ];
    const values = [part, from, to, Buffer.from(state), ...flags];
    const keys = [this.#meta, this.#results, this.#states, this.#history];
    return (await this.#redis.eval(mergeScript, 4, ...keys, ...values)) === 1;
  }

  /** Keeps the minimized trace of a failure as text, once; null: it cannot be minimized, or not in time. */
  async keepMinimized(part: number, path: string, trace: string | null): Promise<boolean> {
    const values = [part, path, trace ?? "", this.#digest];
    return (await this.#redis.eval(minimizedScript, 2, this.#meta, this.#states, ...values)) === 1;
  }

  /** The text of the minimized trace of a failure; null if there is none. */
  minimized(part: number, path: string): Promise<string | null> {
    return this.#redis.hget(this.#states, `minimized:${part}:${path}`);
  }

  /** Keeps a search that is under way; false if it is made, or the campaign is gone. */
  async save(run: number, bytes: Uint8Array): Promise<boolean> {
    const keys = [this.#meta, this.#results, this.#saved];
    const values = [run, Buffer.from(bytes), this.#digest];
    return (await this.#redis.eval(saveScript, 3, ...keys, ...values)) === 1;
  }

  /** What was kept last of a search under way; null if nothing was. */
  saved(run: number): Promise<Buffer | null> {
    return this.#redis.hgetBuffer(this.#saved, `${run}`);
  }

  /** Drops it: it cannot be used. */
  async forget(run: number): Promise<void> {
    await this.#redis.hdel(this.#saved, `${run}`);
  }

  /** The searches that have not come out as expected, in their order. */
  async unexpected(): Promise<RunNews[]> {
    const fields = await this.#redis.hgetall(this.#meta);
    return Object.entries(fields)
      .filter(([name]) => name.startsWith("unexpected:"))
      .map(([, text]) => (JSON.parse(text) as { unexpected: RunNews }).unexpected)
      .sort((a, b) => a.run - b.run);
  }

  /** Tells everybody of a failure. */
  async tellFailure(failure: FailureNews): Promise<void> {
    const news = JSON.stringify({ failure } satisfies News);
    const values = [failure.part, failure.block, this.channel, news, this.#digest];
    await this.#redis.eval(failureScript, 1, this.#meta, ...values);
  }

  /** The first failure that was told of each part, if there is one. */
  async told(): Promise<FailureNews[]> {
    const fields = await this.#redis.hgetall(this.#meta);
    return Object.entries(fields)
      .filter(([name]) => name.startsWith("told:"))
      .map(([, text]) => (JSON.parse(text) as { failure: FailureNews }).failure)
      .sort((a, b) => a.part - b.part);
  }

  /** Stops the campaign: no block begins any more. */
  async stop(): Promise<void> {
    await this.#redis.hset(this.#meta, "stopped", 1);
    await this.end();
    await this.#redis.publish(this.channel, JSON.stringify({ stopped: true } satisfies News));
  }

  /** Notes when the campaign was over. */
  async end(): Promise<void> {
    await this.#redis.hsetnx(this.#meta, "endedAtMs", Date.now());
  }

  /** Jobs were added for the blocks below `added`. */
  async added(part: number, added: number): Promise<void> {
    await this.#redis.hset(this.#meta, `added:${part}`, added);
  }

  /** Who has made how much, and when. */
  async history(): Promise<CampaignHistory> {
    return historyIn(await this.#redis.hgetall(this.#history));
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    const keys = [this.#plan, this.#meta, this.#results, this.#states, this.#workersKey, this.#saved];
    await this.#redis.unlink(...keys, this.#history);
    await this.#redis.zrem(campaigns, this.name);
  }
}
