// What a campaign has found beyond its merged state: the results that are not merged, and the block of a failure
// that was told and whose result nobody has stored. `stop`, or a lost worker, may have dropped that block in the
// middle; a block is a function of its number, so it is made again here. What was told is never missing in a report.

import type { BlockResult } from "../fuzz/block.js";
import { type BlockNote, type BlockTask, blockThread } from "../fuzz/workers/pool.js";
import { OneThread } from "../threads/one.js";
import { errorFrom } from "../threads/portable-error.js";
import { decodeOutcome } from "./merge.js";
import { type CampaignPlan, threadStartOf } from "./plan.js";
import type { CampaignProgress } from "./progress.js";
import type { CampaignStore, PartSnapshot } from "./store.js";

/** How many results are fetched at a time. */
const fetched = 16;

/** A part at one moment. */
export interface PartRest {
  readonly progress: CampaignProgress;
  /** The merged state, deflated; null if nothing was merged yet. */
  readonly state: Uint8Array | null;
  /** The blocks that are not in it, in order. It throws what the user's code has thrown. */
  readonly blocks: AsyncIterable<BlockResult>;
}

/** What the server has of a part; null if it does not know the campaign. */
export async function restOf(
  store: CampaignStore,
  plan: CampaignPlan,
  index: number,
): Promise<PartRest | null> {
  for (;;) {
    const snapshot = await store.snapshot(index);
    if (snapshot === null) return null;
    const results = await resultsOf(store, index, snapshot.unmerged);
    if (results === null) continue; // somebody has merged them meanwhile: the state that has them is a later one
    for (const block of await lostBlocks(store, index, snapshot)) results.set(block, null);
    const { progress, state } = snapshot;
    return { progress, state, blocks: blocksIn(results, plan, index, snapshot) };
  }
}

/** The bytes of results; null if one is no longer there. */
async function resultsOf(store: CampaignStore, part: number, blocks: readonly number[]) {
  const results = new Map<number, Uint8Array | null>();
  for (let from = 0; from < blocks.length; from += fetched) {
    const some = blocks.slice(from, from + fetched);
    for (const [at, bytes] of (await store.results(part, some)).entries()) {
      if (bytes === null) return null;
      results.set(some[at]!, bytes);
    }
  }
  return results;
}

/** Blocks in which a run has failed, and whose results are not in the server. */
async function lostBlocks(
  store: CampaignStore,
  index: number,
  { progress, unmerged }: PartSnapshot,
): Promise<number[]> {
  const { failing, merged, isOver } = progress.parts[index]!;
  if (failing === null || isOver) return [];
  const told = (await store.told()).filter(({ part }) => part === index).map(({ block }) => block);
  return [...new Set([failing, ...told])].filter((block) => block >= merged && !unmerged.includes(block));
}

async function* blocksIn(
  results: ReadonlyMap<number, Uint8Array | null>,
  plan: CampaignPlan,
  index: number,
  { progress, fault }: PartSnapshot,
): AsyncIterable<BlockResult> {
  for (const [block, bytes] of [...results].sort(([a], [b]) => a - b))
    yield bytes === null
      ? await made(plan, index, { block, sampleLevel: progress.parts[index]!.level })
      : decodeOutcome(bytes, "The result of a block");
  if (fault) throw errorFrom(fault);
}

async function made(plan: CampaignPlan, index: number, task: BlockTask): Promise<BlockResult> {
  const start = threadStartOf(plan, plan.parts[index]!);
  const thread = new OneThread<BlockTask, BlockResult, BlockNote>(blockThread, start);
  try {
    return await thread.do(task);
  } finally {
    await thread.end();
  }
}
