// The thread pool of a campaign. A free thread gets the next block; results are taken in the order of the
// blocks, and those beyond the last one wanted are dropped.

import { doAll } from "../../threads/pool.js";
import type { SettingSource } from "../../verdict/setting-source.js";
import { type BlockResult, type Failure, nothingSoFar, type SoFar } from "../block.js";
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
}

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
  const ready = new Map<number, BlockResult>();
  const enough = new AbortController();
  const cutOff = new AbortController();
  let taken = Promise.resolve();
  let wanted = options.from;

  const isEnding = () => cutOff.signal.aborted || enough.signal.aborted;
  const takeReady = async () => {
    for (let result = ready.get(wanted); result && !isEnding(); result = ready.get(wanted)) {
      ready.delete(wanted);
      underWay.delete(wanted++ - options.from);
      if (!(await options.take(result))) enough.abort();
    }
  };
  const underWay = new Map<number, SoFar>();
  const look = () => options.isOver([...underWay.values()].reduce(together, nothingSoFar)) && cutOff.abort();
  look();
  const timer = setInterval(look, askEveryMs);
  options.signal?.addEventListener("abort", () => cutOff.abort(), { once: true });
  try {
    await doAll<BlockTask, BlockResult, BlockNote>(tasksFrom(options), {
      module: new URL("./thread.js", import.meta.url),
      workerData: options.start,
      threads: options.workers,
      signal: cutOff.signal,
      whenInterrupted: "let finish",
      enough: enough.signal,
      onNote: (index, note) => {
        if ("failure" in note) options.onFailure?.(note.failure);
        else underWay.set(index, note.soFar);
      },
      onResult: (index, result) => {
        underWay.set(index, soFarOf(result)); // until it is taken, in its turn
        ready.set(options.from + index, result);
        taken = taken.then(takeReady);
        taken.catch(() => enough.abort());
      },
    });
    await taken;
  } finally {
    clearInterval(timer);
  }
  if (enough.signal.aborted) return;
  for (const [, result] of [...ready].sort(([a], [b]) => a - b)) options.takeRest(result);
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
