// What does the jobs of one kind of campaign, inside a worker. Two kinds: block-maker.ts and run-maker.ts.

import type { Identity } from "../identity/identity.js";
import type { Job } from "./jobs.js";
import type { CampaignStore } from "./store.js";

/** What a worker has done. */
export interface WorkerCounts {
  /** Blocks of random runs, or searches. */
  readonly blocks: number;
  readonly runs: number;
  /** Runs of blocks that are being made. */
  readonly runsUnderWay: number;
  readonly merges: number;
  /** Blocks that somebody else had counted before. */
  readonly again: number;
  /** Seconds spent in blocks, of all threads. */
  readonly blockSeconds: number;
  /** Searches that went on from where another worker had saved them. */
  readonly resumed: number;
  /** How often a search was saved in the server. */
  readonly saved: number;
  /** Failures that it has minimized. */
  readonly minimized: number;
}

/** What a worker has done at first. */
export const nothingDone = {
  ...{ blocks: 0, runs: 0, merges: 0, again: 0 },
  ...{ blockSeconds: 0, resumed: 0, saved: 0, minimized: 0 },
};

/** What a worker has for its maker. */
export interface Bench {
  readonly store: CampaignStore;
  /** The worker's name. */
  readonly id: string;
  readonly threads: number;
  /** Whether the worker is about to end and its jobs are not wanted any more. */
  readonly hasEnded: () => boolean;
  /** Asks the server to store something until it does. */
  readonly insist: <T>(store: () => Promise<T>) => Promise<T>;
  /** @throws if the code on this machine is no longer the campaign's. */
  readonly refuseChangedCode: (protocol: string, identity: Identity) => Promise<void>;
  /** Tells of something that did not work and that does not end the worker. */
  readonly trouble: (job: string, reason: string) => void;
}

/** Does jobs; see the file comment. */
export interface JobMaker {
  /** Does a job. What it throws, another attempt or worker has to do again. `giveBack` puts it into the queue at once. */
  do(job: Job, giveBack: () => Promise<never>): Promise<void>;
  /** Drops what is not needed after a failure in a block. */
  dropAbove(part: number, block: number): void;
  /** Ends all threads. */
  dropAll(): Promise<void>;
  /** The worker is about to end, and its jobs are still wanted. */
  drain(): void;
  /** What is under way, in words; empty where that is not worth telling. */
  doing(): readonly string[];
  counts(): WorkerCounts;
}
