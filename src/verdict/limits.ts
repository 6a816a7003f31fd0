// When a search has to stop before it is done.

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

/** The sentence about a limit that has been reached, or null. Depth is the search's own affair. */
export function limitReached(
  limits: Limits,
  now: { readonly states: number; readonly seconds: number; readonly memoryBytes: number },
): string | null {
  if (limits.maxStates !== undefined && now.states >= limits.maxStates)
    return `the limit of ${limits.maxStates} states was reached`;
  if (limits.maxSeconds !== undefined && now.seconds >= limits.maxSeconds)
    return `the limit of ${limits.maxSeconds} seconds was reached`;
  const memory = limits.maxMemoryBytes ?? defaultMemoryBytes;
  if (now.memoryBytes >= memory)
    return `the limit of ${Math.round(memory / 2 ** 20)} MiB of memory was reached`;
  // States live outside V8's heap, but local states, messages and observations live in it, and it has a limit of its own.
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used > 0.9 * limit)
    return `the limit of V8's heap was nearly reached (${Math.round(limit / 2 ** 20)} MiB; raise it with NODE_OPTIONS=--max-old-space-size)`;
  return null;
}
