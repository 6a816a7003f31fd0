// The thread pool of a campaign. A free thread gets the next block; results are taken in the order of the
// blocks, and those beyond the last one wanted are dropped.

import type { SavedAlphabet } from "../../liar/work.js";
import { doAll } from "../../threads/pool.js";
import type { SettingSource } from "../../verdict/setting-source.js";
import { type BlockResult, type Failure, nothingSoFar, type SoFar } from "../block.js";
import type { Recipe } from "../recipes.js";
import type { StepPlace } from "../step-file.js";

/** What a thread needs to begin. */
export interface ThreadStart {
  readonly source: SettingSource;
  readonly seed: number;
  readonly strategy: string;
  readonly maxActions: number;
  readonly maxRuns: number;
  readonly stopsAtFailure: boolean;
  readonly corpus?: readonly Recipe[];
  readonly steps?: StepPlace;
  /** What the generic liar has worked out. Default: nothing. */
  readonly alphabets?: readonly SavedAlphabet[];
}

/** The module of a thread that makes blocks: its `workerData` is a {@link ThreadStart}. */
export const blockThread = new URL("./thread.js", import.meta.url);

/** A block to make; see `BlockMaker.make`. */
export interface BlockTask {
  readonly block: number;
  readonly sampleLevel: number;
}

/** News of a block that is being made: a failure at once, its progress a few times a second. */
export type BlockNote = { readonly failure: Failure } | { readonly soFar: SoFar };

export interface PoolOptions {
  readonly workers: number;
  readonly start: ThreadStart;
  /** The number of the n-th block, or null if there are no more. */
  blockAt(n: number): number | null;
  /** The n of the first block. */
  readonly from: number;
  /** The level of the sample of distinct states as it is now. */
  sampleLevel(): number;
  /** Whether the campaign must stop; called at once, and then a few times a second. */
  isOver(underWay: SoFar): boolean;
  readonly signal?: AbortSignal;
  /** Takes the next result; false: no more are wanted. */
  take(result: BlockResult): Promise<boolean>;
  /** Called with failures at once. */
  readonly onFailure?: (failure: Failure) => void;
  /** Takes the result so far of a block that was cut off because the campaign had to stop. */
  takeRest(result: BlockResult): void;
}

const askEveryMs = 200;

/** Makes the blocks of a campaign on several threads. */
export async function makeBlocks(options: PoolOptions): Promise<void> {
  const blocks = new BlocksInOrder(options);
  const cutOff = new AbortController();
  const look = () => options.isOver(blocks.underWay) && cutOff.abort();
  look();
  const timer = setInterval(look, askEveryMs);
  const cut = () => cutOff.abort();
  options.signal?.addEventListener("abort", cut, { once: true });
  try {
    await doAll<BlockTask, BlockResult, BlockNote>(tasksFrom(options), {
      module: blockThread,
      workerData: options.start,
      threads: options.workers,
      signal: cutOff.signal,
      whenInterrupted: "let finish",
      enough: blocks.enough,
      onNote: (index, note) => {
        if ("failure" in note) options.onFailure?.(note.failure);
        else blocks.note(index, note.soFar);
      },
      onResult: (index, result) => blocks.add(index, result, cutOff.signal),
    });
    await blocks.allTaken;
  } finally {
    clearInterval(timer);
    options.signal?.removeEventListener("abort", cut);
  }
  if (blocks.enough.aborted) return;
  for (const result of blocks.rest) options.takeRest(result);
}

/** Results of blocks, which are finished in any order and taken in the order of the campaign. */
class BlocksInOrder {
  readonly #options: PoolOptions;
  readonly #ready = new Map<number, BlockResult>();
  /** By index of the task. A finished block counts as under way until it is taken, in its turn. */
  readonly #underWay = new Map<number, SoFar>();
  readonly #enough = new AbortController();
  #wanted: number;
  #taken = Promise.resolve();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#wanted = options.from;
  }

  /** Aborted when no more results are wanted. */
  get enough(): AbortSignal {
    return this.#enough.signal;
  }

  get underWay(): SoFar {
    return [...this.#underWay.values()].reduce(together, nothingSoFar);
  }

  get allTaken(): Promise<void> {
    return this.#taken;
  }

  /** The results that were not taken, in order. */
  get rest(): readonly BlockResult[] {
    return [...this.#ready].sort(([a], [b]) => a - b).map(([, result]) => result);
  }

  note(index: number, soFar: SoFar): void {
    this.#underWay.set(index, soFar);
  }

  add(index: number, result: BlockResult, cutOff: AbortSignal): void {
    this.#underWay.set(index, soFarOf(result));
    this.#ready.set(this.#options.from + index, result);
    this.#taken = this.#taken.then(() => this.#takeReady(cutOff));
    this.#taken.catch(() => this.#enough.abort());
  }

  async #takeReady(cutOff: AbortSignal): Promise<void> {
    for (;;) {
      const result = this.#ready.get(this.#wanted);
      if (!result || cutOff.aborted || this.enough.aborted) return;
      this.#ready.delete(this.#wanted);
      this.#underWay.delete(this.#wanted++ - this.#options.from);
      if (!(await this.#options.take(result))) this.#enough.abort();
    }
  }
}

function* tasksFrom({ from, blockAt, sampleLevel }: PoolOptions): Iterable<BlockTask> {
  for (let n = from; ; n++) {
    const block = blockAt(n);
    if (block === null) return;
    yield { block, sampleLevel: sampleLevel() };
  }
}

function together(a: SoFar, b: SoFar): SoFar {
  return { runs: a.runs + b.runs, events: a.events + b.events, decided: a.decided + b.decided };
}

function soFarOf({ counts: { runs, events, decided } }: BlockResult): SoFar {
  return { runs, events, decided };
}
