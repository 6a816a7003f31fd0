// How far a campaign and its parts are: what a store keeps in the fields of one hash.

/** How far a part is. Blocks below `merged` are in its state; those below `ready` can be. */
export interface PartProgress {
  readonly merged: number;
  readonly ready: number;
  /** The first block for which no job was added. */
  readonly added: number;
  /** Blocks that were counted. */
  readonly blocks: number;
  readonly runs: number;
  readonly events: number;
  /** The level of the merged sample of distinct states. */
  readonly level: number;
  /** For `mergeBlocks`. */
  readonly knownInARow: number;
  /** The lowest block in which a run has failed, as far as is known. */
  readonly failing: number | null;
  /** Whether the merged state is the whole part. */
  readonly isOver: boolean;
  /** The paths of the distinct failures in the merged state, in the order of runs; null: that nobody has to minimize it any more. */
  readonly toMinimize: readonly (string | null)[];
}

/** How far a campaign is. */
export interface CampaignProgress {
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly isStopped: boolean;
  readonly parts: readonly PartProgress[];
}

/** The progress in the fields of the hash; null if there is no campaign, or it has another plan than the one of this digest ("": any). */
export function progressIn(
  fields: Readonly<Record<string, string>>,
  digest: string,
): CampaignProgress | null {
  if (fields.parts === undefined || (digest !== "" && fields.plan !== digest)) return null;
  const number = (name: string) => Number(fields[name] ?? 0);
  const failures = (part: number) => JSON.parse(fields[`failures:${part}`] ?? "[]") as string[];
  const isMinimized = (part: number, path: string) => fields[`minimized:${part}:${path}`] !== undefined;
  const parts = Array.from({ length: number("parts") }, (_, part) => ({
    merged: number(`merged:${part}`),
    ready: number(`ready:${part}`),
    added: number(`added:${part}`),
    blocks: number(`blocks:${part}`),
    runs: number(`runs:${part}`),
    events: number(`events:${part}`),
    level: number(`level:${part}`),
    knownInARow: number(`known:${part}`),
    failing: fields[`failing:${part}`] === undefined ? null : number(`failing:${part}`),
    isOver: fields[`over:${part}`] !== undefined,
    toMinimize: failures(part).map((path) => (isMinimized(part, path) ? null : path)),
  }));
  const endedAtMs = fields.endedAtMs === undefined ? null : number("endedAtMs");
  const isStopped = fields.stopped !== undefined;
  return { startedAtMs: number("startedAtMs"), endedAtMs, isStopped, parts };
}
