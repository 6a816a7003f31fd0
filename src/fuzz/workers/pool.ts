// Several threads make blocks of one campaign. Whoever is free gets the next number; results are taken in the order of the
// numbers, and what was made beyond the last one that is wanted is thrown away.

import { doAll } from "../../threads/pool.js";
import type { SettingSource } from "../../verdict/setting-source.js";
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
}

/** A block to be made; see `BlockMaker.make`. */
export interface BlockTask {
  readonly block: number;
  readonly sampleLevel: number;
}

export interface PoolOptions {
  readonly workers: number;
  readonly start: ThreadStart;
  /** The number of the n-th block, or null if there are no more. */
  blockAt(n: number): number | null;
  /** The n of the first block. */
  readonly from: number;
  /** The level of the sample of distinct states as it is now. */
  sampleLevel(): number;
  /** Whether the campaign has to stop; asked at once, and then a few times a second. */
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
  const ready = new Map<number, BlockResult>();
  const enough = new AbortController();
  const cutOff = new AbortController();
  let taken = Promise.resolve();
  let wanted = options.from;

  const isEnding = () => cutOff.signal.aborted || enough.signal.aborted;
  const takeReady = async () => {
    for (let result = ready.get(wanted); result && !isEnding(); result = ready.get(wanted)) {
      ready.delete(wanted++);
      if (!(await options.take(result))) enough.abort();
    }
  };
  const look = () => options.isOver() && cutOff.abort();
  look();
  const timer = setInterval(look, askEveryMs);
  options.signal?.addEventListener("abort", () => cutOff.abort(), { once: true });
  try {
    await doAll<BlockTask, BlockResult>(tasksFrom(options), {
      module: new URL("./thread.js", import.meta.url),
      workerData: options.start,
      threads: options.workers,
      signal: cutOff.signal,
      whenInterrupted: "let finish",
      enough: enough.signal,
      onResult: (index, result) => {
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
