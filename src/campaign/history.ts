// The history of a campaign, as the server keeps it: who has made how much, how much was made in each minute, and what the merged
// blocks had seen by then. Minutes are those of the server's clock, so that machines need not agree on theirs.

import type { Coverage } from "../fuzz/index.js";

/** What a worker has made, whether it is still there or not. */
export interface WorkerShare {
  readonly name: string;
  /** Blocks of random runs, or searches. */
  readonly blocks: number;
  readonly runs: number;
  /** Events of runs, or states of searches. */
  readonly events: number;
}

/** What was made in a minute. */
export interface Minute {
  readonly atMs: number;
  readonly blocks: number;
  readonly runs: number;
  readonly events: number;
}

/** What the merged blocks of a part had seen at a time. */
export interface SeenThen {
  readonly part: number;
  readonly atMs: number;
  /** The merged runs. */
  readonly runs: number;
  readonly coverage: Coverage;
}

/** See the file comment. */
export interface CampaignHistory {
  /** Those who have made most come first. */
  readonly workers: readonly WorkerShare[];
  /** In order. Minutes in which nothing was made are left out. */
  readonly minutes: readonly Minute[];
  /** In order, of each part the last of each minute. */
  readonly seen: readonly SeenThen[];
}

/** The part of a script that counts a block in the history. KEYS[4] is its key, ARGV[8] the worker, `runs` and `events` are numbers. */
export const countInHistory = `
local minute = math.floor(tonumber(redis.call('TIME')[1]) / 60)
for _, who in ipairs({'by:' .. ARGV[8], 'at:' .. minute}) do
  redis.call('HINCRBY', KEYS[4], who .. ':blocks', 1)
  redis.call('HINCRBY', KEYS[4], who .. ':runs', ARGV[4])
  redis.call('HINCRBY', KEYS[4], who .. ':events', ARGV[5])
end
`;

const minuteMs = 60_000;

/** Reads what the scripts have kept. */
export function historyIn(fields: Readonly<Record<string, string>>): CampaignHistory {
  const number = (name: string) => Number(fields[name] ?? 0);
  const counts = (who: string) => ({
    blocks: number(`${who}:blocks`),
    runs: number(`${who}:runs`),
    events: number(`${who}:events`),
  });
  const names = (kind: string) =>
    Object.keys(fields).flatMap((field) =>
      field.startsWith(`${kind}:`) ? (/^\w+:(.*):blocks$/.exec(field)?.[1] ?? []) : [],
    );
  const seen = Object.entries(fields).flatMap(([field, text]) => {
    const [, part, minute] = /^seen:(\d+):(\d+)$/.exec(field) ?? [];
    if (part === undefined) return [];
    return [
      {
        part: Number(part),
        atMs: Number(minute) * minuteMs,
        ...(JSON.parse(text) as Omit<SeenThen, "part" | "atMs">),
      },
    ];
  });
  return {
    workers: names("by")
      .map((name) => ({ name, ...counts(`by:${name}`) }))
      .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1)),
    minutes: names("at")
      .map((minute) => ({ atMs: Number(minute) * minuteMs, ...counts(`at:${minute}`) }))
      .sort((a, b) => a.atMs - b.atMs),
    seen: seen.sort((a, b) => a.part - b.part || a.atMs - b.atMs),
  };
}
