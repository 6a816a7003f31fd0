// Which blocks of a campaign were made, as ranges of their numbers. A file keeps them, so that no block is made twice and none is forgotten:
// of a shard that is missing, its blocks are missing.

/** From the first to the last, both included; in order, and as few as possible. */
export type BlockRanges = readonly (readonly [first: number, last: number])[];

/** Every how many-th block is a campaign's, from which on (from 1). */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The first so many blocks of a shard. */
export function firstBlocks({ index, of }: Shard, count: number): BlockRanges {
  return ranges(Array.from({ length: count }, (_, n) => n * of + index - 1));
}

/** All blocks of both; null if both have one of them. */
export function disjointUnion(one: BlockRanges, other: BlockRanges): BlockRanges | null {
  const blocks = [...numbers(one), ...numbers(other)];
  return new Set(blocks).size < blocks.length ? null : ranges(blocks);
}

/** The blocks below `end` that are a shard's and were not made. */
export function missingBlocks(made: BlockRanges, { index, of }: Shard, end: number): BlockRanges {
  const known = new Set(numbers(made));
  const missing: number[] = [];
  for (let block = index - 1; block < end; block += of) if (!known.has(block)) missing.push(block);
  return ranges(missing);
}

/** The number after the last. */
export function endOf(made: BlockRanges): number {
  return (made.at(-1)?.[1] ?? -1) + 1;
}

/** How many there are. */
export function blockCount(made: BlockRanges): number {
  return made.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** Every block's number. */
export function numbers(made: BlockRanges): number[] {
  return made.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
}

/** The ranges of these numbers. */
export function ranges(blocks: readonly number[]): BlockRanges {
  const result: [number, number][] = [];
  for (const block of blocks.toSorted((a, b) => a - b)) {
    const last = result.at(-1);
    if (last && last[1] === block - 1) last[1] = block;
    else result.push([block, block]);
  }
  return result;
}
