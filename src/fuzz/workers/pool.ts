// Several threads make blocks of one campaign. Whoever is free gets the next number; results are taken in the order of the
// numbers, and what was made beyond the last one that is wanted is thrown away.

import { Worker } from "node:worker_threads";
import type { SettingSource } from "../../explore/workers/wire.js";
import { UserError, type UserErrorCode } from "../../model/errors.js";
import type { BlockResult } from "../block.js";
import type { Recipe } from "../recipes.js";

/** What a thread needs to begin. */
export interface ThreadStart {
  readonly source: SettingSource;
  readonly seed: number;
  readonly strategy: string;
  readonly maxActions: number;
  readonly maxRuns: number;
  readonly stopsAtFailure: boolean;
  readonly corpus?: readonly Recipe[];
  /** Not 0: blocks are to be cut off. */
  readonly stop: SharedArrayBuffer;
}

/** What a thread answers: a block (`n` is its place in the order), or why there is none. */
export type Answer =
  | { readonly n: number; readonly result: BlockResult }
  | { readonly error: { readonly code: UserErrorCode | null; readonly message: string } };

export interface PoolOptions {
  readonly workers: number;
  readonly start: Omit<ThreadStart, "stop">;
  /** The number of the n-th block, or null if there are no more. */
  blockAt(n: number): number | null;
  /** The n of the first block. */
  readonly from: number;
  /** Whether the campaign has to stop; asked a few times a second. */
  isOver(): boolean;
  readonly signal?: AbortSignal;
  /** Takes the next result; false: no more are wanted. */
  take(result: BlockResult): Promise<boolean>;
  /** Takes what there is of blocks that were cut off because the campaign had to stop. */
  takeRest(result: BlockResult): void;
}

const askEveryMs = 200;

/** See the file comment. */
export async function makeBlocks(options: PoolOptions): Promise<void> {
  const stop = new SharedArrayBuffer(4);
  const workerData: ThreadStart = { ...options.start, stop };
  const team = Array.from(
    { length: options.workers },
    () => new Worker(new URL("./thread.js", import.meta.url), { workerData }),
  );
  try {
    await new Promise<void>((resolve, reject) => new Pool(options, team, stop, resolve, reject).begin());
  } finally {
    await Promise.all(team.map((worker) => worker.terminate()));
  }
}

class Pool {
  readonly #options: PoolOptions;
  readonly #team: readonly Worker[];
  readonly #timer: NodeJS.Timeout;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #ready = new Map<number, BlockResult>();
  readonly #stop: Int32Array;
  #next: number;
  #wanted: number;
  /** Blocks that somebody is making. */
  #underWay = 0;
  #isTaking = false;
  /** Blocks are being cut off. */
  #isStopping = false;
  #isOver = false;

  constructor(
    options: PoolOptions,
    team: readonly Worker[],
    stop: SharedArrayBuffer,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#stop = new Int32Array(stop);
    this.#options = options;
    this.#team = team;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#next = this.#wanted = options.from;
    this.#timer = setInterval(() => options.isOver() && this.#cutOff(), askEveryMs);
  }

  begin(): void {
    this.#options.signal?.addEventListener("abort", () => this.#cutOff(), { once: true });
    for (const worker of this.#team) {
      worker.on("message", (answer: Answer) => void this.#receive(worker, answer));
      worker.on("error", (error) => this.#fail(error));
      this.#hand(worker);
    }
    if (this.#options.blockAt(this.#wanted) === null) this.#end();
    else if (this.#options.isOver()) this.#cutOff();
  }

  #hand(worker: Worker): void {
    const block = this.#options.blockAt(this.#next);
    if (block === null || this.#isStopping) return;
    this.#underWay++;
    worker.postMessage({ n: this.#next++, block });
  }

  async #receive(worker: Worker, answer: Answer): Promise<void> {
    if ("error" in answer) {
      const { code, message } = answer.error;
      this.#fail(code === null ? new Error(message) : new UserError(code, message));
      return;
    }
    this.#ready.set(answer.n, answer.result);
    this.#underWay--;
    this.#hand(worker);
    if (this.#isStopping) return this.#endIfCutOff();
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      await this.#takeReady();
    } catch (error) {
      this.#fail(error);
    }
    this.#isTaking = false;
    if (this.#isStopping) this.#endIfCutOff();
  }

  /** The campaign has to stop: blocks under way end with the run at hand. */
  #cutOff(): void {
    if (this.#isStopping || this.#isOver) return;
    this.#isStopping = true;
    Atomics.store(this.#stop, 0, 1);
    this.#endIfCutOff();
  }

  #endIfCutOff(): void {
    if (this.#underWay > 0 || this.#isTaking || this.#isOver) return;
    for (const [, result] of [...this.#ready].sort(([a], [b]) => a - b)) this.#options.takeRest(result);
    this.#end();
  }

  async #takeReady(): Promise<void> {
    for (let result = this.#ready.get(this.#wanted); result && !this.#isOver && !this.#isStopping; ) {
      this.#ready.delete(this.#wanted++);
      const goesOn = await this.#options.take(result);
      if (!goesOn || this.#options.blockAt(this.#wanted) === null) this.#end();
      result = this.#ready.get(this.#wanted);
    }
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#resolve();
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#reject(error);
  }
}
