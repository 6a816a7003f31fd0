// The workers of a campaign, as they describe themselves from time to time.

import type { Redis } from "ioredis";

/** A worker process, as it describes itself. */
export interface WorkerNote {
  readonly name: string;
  readonly threads: number;
  readonly blocks: number;
  readonly runs: number;
  /** Whether it finishes what it has and takes no more. */
  readonly isDraining: boolean;
  /** What it is at, in words; absent where that is not worth telling. */
  readonly doing?: readonly string[];
}

/** After so long a worker that says nothing is no longer listed, in seconds. */
const noteSeconds = 15;

/** The notes of the workers of one campaign, under a key of the server. */
export class WorkerNotes {
  readonly #redis: Redis;
  readonly #key: string;

  constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  /** A worker says that it is there. */
  async note(worker: WorkerNote): Promise<void> {
    const text = JSON.stringify({ ...worker, atMs: Date.now() });
    await this.#redis.hset(this.#key, worker.name, text);
  }

  /** A worker leaves. */
  async leave(name: string): Promise<void> {
    await this.#redis.hdel(this.#key, name);
  }

  /** The workers that have said something of late. */
  async all(): Promise<WorkerNote[]> {
    const notes = Object.values(await this.#redis.hgetall(this.#key)).map(
      (text) => JSON.parse(text) as WorkerNote & { readonly atMs: number },
    );
    return notes
      .filter(({ atMs }) => Date.now() - atMs < noteSeconds * 1000)
      .map(({ atMs: _, ...note }) => note)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
