// The limits of a search: when it must stop before it is done.

import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";

/** Limits of a search; an absent one is none, except memory: half of the machine's. */
export interface Limits {
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemoryBytes?: number;
  /** In actions (plain) or visible actions (reduced). */
  readonly maxDepth?: number;
}

/** The default of `maxMemoryBytes`. */
export const defaultMemoryBytes = Math.floor(totalmem() / 2);

/** A search inside one node may have so many states whatever `maxStates` says: none of them is stored. */
const alwaysAllowed = 50_000;

/** How many states a search inside one node may have. */
export function maxLocalStates({ maxStates }: Limits): number {
  return maxStates === undefined ? Number.POSITIVE_INFINITY : Math.max(maxStates, alwaysAllowed);
}

/** The seconds that were asked for, where searches before have used some of them. */
const asked = Symbol("asked seconds");

/** The same limits for a search that comes after one of so many seconds. What was asked for is still what is told. */
export function withoutTimeOf<T extends Limits & { readonly [asked]?: number }>(
  limits: T,
  seconds: number,
): T {
  const { maxSeconds } = limits;
  if (maxSeconds === undefined) return limits;
  return { ...limits, maxSeconds: Math.max(0, maxSeconds - seconds), [asked]: limits[asked] ?? maxSeconds };
}

/** The sentence about a limit that has been reached, or null. Depth is the search's own affair. */
export function limitReached(
  limits: Limits & { readonly [asked]?: number },
  now: {
    readonly states: number;
    readonly seconds: number;
    readonly memoryBytes: number;
    readonly local?: { readonly states: number };
  },
): string | null {
  const isLocal = (now.local?.states ?? 0) >= maxLocalStates(limits);
  if (isLocal || (limits.maxStates !== undefined && now.states >= limits.maxStates))
    return `the limit of ${limits.maxStates} states was reached`;
  if (limits.maxSeconds !== undefined && now.seconds >= limits.maxSeconds)
    return `the limit of ${limits[asked] ?? limits.maxSeconds} seconds was reached`;
  const memory = limits.maxMemoryBytes ?? defaultMemoryBytes;
  if (now.memoryBytes >= memory)
    return `the limit of ${Math.round(memory / 2 ** 20)} MiB of memory was reached`;
  // States live outside V8's heap, but local states, messages and observations live in it, and it has a limit
  // of its own.
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used > 0.9 * limit)
    return `the limit of V8's heap was nearly reached (${Math.round(limit / 2 ** 20)} MiB; raise it with NODE_OPTIONS=--max-old-space-size)`;
  return null;
}
