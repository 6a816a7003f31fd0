// The blocks that a campaign has made, as ranges of their numbers. They are part of its file, so that no
// block is made twice or forgotten, and a missing shard is noticed.

/** From the first to the last, both included; in order, and as few ranges as possible. */
export type BlockRanges = readonly (readonly [first: number, last: number])[];

/** The i-th of `of` shards (from 1), which makes every `of`-th block. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The first `count` blocks of a shard. */
export function firstBlocks({ index, of }: Shard, count: number): BlockRanges {
  return ranges(Array.from({ length: count }, (_, n) => n * of + index - 1));
}

/** The union; null if they share a block. */
export function disjointUnion(one: BlockRanges, other: BlockRanges): BlockRanges | null {
  const blocks = [...numbers(one), ...numbers(other)];
  return new Set(blocks).size < blocks.length ? null : ranges(blocks);
}

/** The blocks below `end` that belong to a shard and were not made. */
export function missingBlocks(made: BlockRanges, { index, of }: Shard, end: number): BlockRanges {
  const known = new Set(numbers(made));
  const missing: number[] = [];
  for (let block = index - 1; block < end; block += of) if (!known.has(block)) missing.push(block);
  return ranges(missing);
}

/** One more than the last number. */
export function endOf(made: BlockRanges): number {
  return (made.at(-1)?.[1] ?? -1) + 1;
}

/** How many blocks there are. */
export function blockCount(made: BlockRanges): number {
  return made.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The number of every block. */
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
