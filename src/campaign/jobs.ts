// The queue of a campaign: which jobs there are, and when they are added. BullMQ only hands them out; what was
// found lies under keys of our own (store.ts). Nobody coordinates: whoever has finished something adds what can
// be done next. Names of jobs say what they do, so adding one twice is adding it once.

import type { JobsOptions, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { isCheckPlan, runsOf } from "./check-plan.js";
import { blocksOf, type CampaignPlan } from "./plan.js";
import type { AnyPlan } from "./plans.js";
import type { CampaignProgress, PartProgress } from "./progress.js";
import { packages } from "./server.js";
import type { CampaignStore } from "./store.js";

/** A job: make a block, merge the blocks from `from` on that are ready, minimize a failure, or make the search of this number. */
export type Job =
  | { readonly kind: "run"; readonly run: number }
  | { readonly kind: "minimize"; readonly part: number; readonly path: string }
  | { readonly kind: "block"; readonly part: number; readonly block: number }
  | { readonly kind: "merge"; readonly part: number; readonly from: number };

/** What BullMQ puts before its keys. */
export const queuePrefix = "turncoat-queue";

/**
 * Blocks that may be waiting, made or under way beyond the merged ones, of all parts together: a bound on the server's memory, some
 * hundred kilobytes each.
 */
export const defaultAhead = 512;

/** So many blocks are merged at a time; fewer where the part ends. */
export const mergeEvery = 16;

/** A machine that runs out of memory is worth another attempt; lost workers do not count here. */
const often: JobsOptions = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1000 },
  removeOnComplete: true,
};

/** Opens the queue of a campaign. */
export async function openQueue(redis: Redis, name: string): Promise<Queue<Job>> {
  const { Queue } = await packages();
  const queue = new Queue<Job>(name, {
    connection: redis as never, // its types are those of the installed line of ioredis, ours may be another
    prefix: queuePrefix,
    streams: { events: { maxLen: 50 } }, // or events pile up in the server
  });
  queue.on("error", () => {}); // a lost connection is waited out
  return queue;
}

/** The queue of a campaign, and how many blocks it may have beyond the merged ones. */
export interface Jobs {
  readonly queue: Queue<Job>;
  readonly store: CampaignStore;
  readonly plan: AnyPlan;
  readonly ahead: number;
}

/** Adds the jobs that can be done now; those that were added before stay one. */
export async function addJobs(jobs: Jobs, { parts, isStopped }: CampaignProgress): Promise<void> {
  if (isStopped) return;
  const { queue, plan, ahead } = jobs;
  if (isCheckPlan(plan)) return addRuns(jobs, runsOf(plan).length, parts[0]!);
  let room = ahead - parts.reduce((sum, part) => sum + (part.isOver ? 0 : part.added - part.merged), 0);
  for (const [index, part] of parts.entries()) {
    for (const [number, path] of part.toMinimize.entries()) {
      if (path === null) continue;
      const data: Job = { kind: "minimize", part: index, path };
      await queue.add("minimize", data, { ...often, lifo: true, jobId: `minimize-${index}-${number}` });
    }
    if (part.isOver) continue;
    if (isMergeable(plan, part)) {
      const data: Job = { kind: "merge", part: index, from: part.merged };
      await queue.add("merge", data, { ...often, lifo: true, jobId: `merge-${index}-${part.merged}` });
    }
    room -= await addBlocks({ ...jobs, plan }, index, part, Math.max(0, room));
  }
}

/** Adds all searches of a campaign: there are hundreds at most, and their results are small. */
async function addRuns({ queue, store }: Jobs, total: number, { added }: PartProgress): Promise<void> {
  if (added >= total) return;
  await queue.addBulk(
    Array.from({ length: total }, (_, run) => ({
      name: "run",
      data: { kind: "run", run } as const,
      opts: { ...often, jobId: `run-${run}` },
    })),
  );
  await store.added(0, total);
}

/** Adds the next blocks of a part, as many as there is room for. Returns how many. */
async function addBlocks(
  { queue, store, plan }: Jobs & { readonly plan: CampaignPlan },
  index: number,
  { added, failing }: PartProgress,
  room: number,
): Promise<number> {
  const last = plan.maxFailures === 1 ? failing : null; // what comes after it is not wanted
  const end = Math.min(blocksOf(plan), last === null ? Number.POSITIVE_INFINITY : last + 1, added + room);
  if (end <= added) return 0;
  const blocks = Array.from({ length: end - added }, (_, n) => added + n);
  await queue.addBulk(
    blocks.map((block) => ({
      name: "block",
      data: { kind: "block", part: index, block } as const,
      opts: { ...often, jobId: `block-${index}-${block}` },
    })),
  );
  await store.added(index, end);
  return blocks.length;
}

/** Whether there is something to merge: many blocks, or the last one. */
function isMergeable(plan: CampaignPlan, { merged, ready, failing }: PartProgress): boolean {
  if (ready <= merged) return false;
  return (
    ready - merged >= mergeEvery ||
    ready >= blocksOf(plan) ||
    (failing !== null && failing >= merged && ready > failing)
  );
}

/** Whether nothing is left to do. */
export function isOver({ parts, isStopped }: CampaignProgress): boolean {
  return isStopped || parts.every((part) => part.isOver && part.toMinimize.every((path) => path === null));
}

/** What a campaign is at. */
export function stateOf(progress: CampaignProgress): "stopped" | "over" | "running" {
  if (progress.isStopped) return "stopped";
  return isOver(progress) ? "over" : "running";
}
