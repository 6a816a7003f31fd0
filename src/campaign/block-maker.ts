// Makes blocks of random runs in threads, and merges them.

import type { BlockResult } from "../fuzz/block.js";
import { type BlockNote, type BlockTask, blockThread } from "../fuzz/workers/pool.js";
import { isFault } from "../model/errors.js";
import { OneThread, ThreadEnded } from "../threads/one.js";
import { portableError } from "../threads/portable-error.js";
import type { Job } from "./jobs.js";
import { type Bench, type JobMaker, nothingDone, type WorkerCounts } from "./maker.js";
import { encodeOutcome, type Merged, type MergeTask } from "./merge.js";
import type { MinimizeTask } from "./minimize.js";
import { blocksOf, type CampaignPlan, threadStartOf } from "./plan.js";
import { goneText } from "./store.js";

const mergeThread = new URL("./merge-thread.js", import.meta.url);
const minimizeThread = new URL("./minimize-thread.js", import.meta.url);

type MergeThread = OneThread<MergeTask, Merged>;
type MinimizeThread = OneThread<MinimizeTask, string | null>;
type BlockThread = OneThread<BlockTask, BlockResult, BlockNote>;

/** A thread, and the block that it is making. */
interface Slot {
  part: number | null;
  block: number | null;
  runs: number;
  thread: BlockThread | null;
  isFree: boolean;
}

/** See the file comment. */
export class BlockMaker implements JobMaker {
  readonly #plan: CampaignPlan;
  readonly #bench: Bench;
  readonly #slots: Slot[];
  readonly #counts = { ...nothingDone };
  /** Threads that merge. One is kept: starting a thread costs more than merging. */
  readonly #merges = new Set<MergeThread>();
  #idleMerge: MergeThread | null = null;
  readonly #minimizing = new Set<MinimizeThread>();
  #isDraining = false;
  readonly #told = new Set<string>();

  constructor(plan: CampaignPlan, bench: Bench) {
    this.#plan = plan;
    this.#bench = bench;
    this.#slots = Array.from({ length: bench.threads }, () => ({
      ...{ part: null, block: null, runs: 0, thread: null, isFree: true },
    }));
  }

  async do(job: Job, giveBack: () => Promise<never>): Promise<void> {
    if (job.kind === "merge") await this.#merge(job.part);
    else if (job.kind === "minimize") await this.#minimize(job.part, job.path, giveBack);
    else if (job.kind === "block") await this.#make(job.part, job.block);
  }

  /** The campaign ends with the first failure. */
  dropAbove(part: number, block: number): void {
    if (this.#plan.maxFailures > 1) return;
    for (const slot of this.#slots)
      if (slot.part === part && slot.block !== null && slot.block > block) void slot.thread?.end();
  }

  async dropAll(): Promise<void> {
    const threads = [
      ...this.#slots.flatMap(({ thread }) => thread ?? []),
      ...this.#merges,
      ...this.#minimizing,
    ];
    await Promise.all(threads.map((thread) => thread.end()));
  }

  /** A block is finished: it takes seconds. Minimizing may take minutes, and others begin it anew. */
  drain(): void {
    this.#isDraining = true;
    for (const thread of this.#minimizing) void thread.end();
  }

  doing(): readonly string[] {
    return [];
  }

  counts(): WorkerCounts {
    return { ...this.#counts, runsUnderWay: this.#slots.reduce((sum, { runs }) => sum + runs, 0) };
  }

  async #make(part: number, block: number): Promise<void> {
    const plan = this.#plan;
    if (!(await this.#bench.store.needs(part, block, plan.maxFailures === 1))) return;
    const slot = this.#slots.find(({ isFree }) => isFree)!;
    slot.isFree = false;
    try {
      const made = await this.#outcome(slot, part, block);
      if (made === null) return;
      const bytes = encodeOutcome(made);
      const { runs, events } = "counts" in made ? made.counts : { runs: 0, events: 0 };
      const kept = await this.#bench.insist(() =>
        this.#bench.store.keep(part, block, { bytes, runs, events, by: this.#bench.id }),
      );
      if (kept === "again") this.#counts.again++;
      if (kept === "gone") throw new Error(goneText);
      if (kept === "again") return;
      this.#counts.blocks++;
      this.#counts.runs += runs;
      if ("counts" in made && made.failures[0]) await this.#tell(part, block, made.failures[0]);
    } finally {
      Object.assign(slot, { isFree: true, block: null, runs: 0 });
    }
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
      const result = await thread.do({ block, sampleLevel: await this.#bench.store.level(part) }, hear);
      if (result.isCut) throw new Error("A block was cut short: it does not count.");
      return result;
    } catch (error) {
      if (isFault(error)) return portableError(error);
      if (!(error instanceof ThreadEnded)) throw error; // BullMQ tries again
      if (await this.#bench.store.needs(part, block, this.#plan.maxFailures === 1)) throw error;
      return null;
    } finally {
      this.#counts.blockSeconds += (performance.now() - startedAt) / 1000;
    }
  }

  async #threadFor(slot: Slot, part: number): Promise<BlockThread> {
    const plan = this.#plan;
    if (slot.thread && !slot.thread.hasEnded && slot.part === part) return slot.thread;
    await slot.thread?.end();
    await this.#refuseChangedCode(part);
    const thread: BlockThread = new OneThread(blockThread, threadStartOf(plan, plan.parts[part]!));
    Object.assign(slot, { thread, part });
    return thread;
  }

  /** Tells everybody of the first failure of a block. */
  async #tell(part: number, block: number, failure: BlockResult["failures"][number]): Promise<void> {
    const key = `${part}:${block}`;
    if (this.#told.has(key)) return;
    const atMs = Date.now();
    const { run, path, counterexample } = failure;
    const { property, actions } = counterexample;
    const news = { part, block, run, path, property, actions: actions.length, by: this.#bench.id, atMs };
    await this.#bench.insist(() => this.#bench.store.tellFailure(news));
    this.#told.add(key);
  }

  async #merge(part: number): Promise<void> {
    const plan = this.#plan;
    const progress = await this.#bench.store.progress();
    const {
      merged: from,
      ready,
      knownInARow,
      isOver: isDone,
    } = progress?.parts[part] ?? { merged: 0, ready: 0, knownInARow: 0, isOver: true };
    if (isDone || ready <= from) return;
    const end = Math.min(ready, from + 64);
    const blocks = Array.from({ length: end - from }, (_, n) => from + n);
    const outcomes = await this.#bench.store.results(part, blocks);
    if (outcomes.some((one) => one === null)) return; // somebody else has merged them
    const state = await this.#bench.store.state(part);
    await this.#refuseChangedCode(part);
    const thread = this.#mergeThread();
    try {
      const task = { plan, part, state, knownInARow, outcomes: outcomes as Buffer[] };
      const { isEnough, taken, ...merged } = await thread.do(task);
      const to = from + taken;
      const step = { from, to, ...merged, isOver: isEnough || to >= blocksOf(plan) };
      if (await this.#bench.insist(() => this.#bench.store.merge(part, step))) this.#counts.merges++;
    } catch (error) {
      if (!(error instanceof ThreadEnded) || !this.#bench.hasEnded()) throw error;
    } finally {
      if (this.#idleMerge === null && !thread.hasEnded) this.#idleMerge = thread;
      else {
        this.#merges.delete(thread);
        await thread.end();
      }
    }
  }

  /** Only what is verified to be minimal is kept: the rest is left to `campaign result`, which may be given more time. */
  async #minimize(part: number, path: string, giveBack: () => Promise<never>): Promise<void> {
    const { store, insist, hasEnded, trouble } = this.#bench;
    const state = await store.state(part);
    if (state === null || (await store.progress())?.parts[part]?.toMinimize.includes(path) !== true) return;
    await this.#refuseChangedCode(part);
    if (hasEnded()) return;
    if (this.#isDraining) return giveBack();
    const thread: MinimizeThread = new OneThread(minimizeThread, undefined);
    this.#minimizing.add(thread);
    let text: string | null = null;
    try {
      text = await thread.do({ plan: this.#plan, part, state, path });
    } catch (error) {
      if (error instanceof ThreadEnded) {
        if (hasEnded()) return;
        if (this.#isDraining) return await giveBack();
        throw error;
      }
      trouble(`Minimizing --path '${path}'`, (error as Error).message);
    } finally {
      this.#minimizing.delete(thread);
      await thread.end();
    }
    if (await insist(() => store.keepMinimized(part, path, text))) this.#counts.minimized++;
  }

  #mergeThread(): MergeThread {
    const idle = this.#idleMerge;
    this.#idleMerge = null;
    if (idle && !idle.hasEnded) return idle;
    const thread: MergeThread = new OneThread(mergeThread, undefined);
    this.#merges.add(thread);
    return thread;
  }

  #refuseChangedCode(part: number): Promise<void> {
    const { setting, identity } = this.#plan.parts[part]!;
    return this.#bench.refuseChangedCode(setting.protocol, identity);
  }
}
