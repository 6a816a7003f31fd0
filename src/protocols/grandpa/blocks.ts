// The tree of blocks, which the environment makes: here a fixed one. A block is named by the path to it, so its ancestors are the prefixes of
// its name: A and B are children of the genesis block, AC and AD are children of A.

/** The genesis block. */
export const genesis = "";

const tree = ["A", "B", "AC", "AD"] as const;

/** The genesis block and so many others. */
export function blocksOf({ blocks }: { readonly blocks: number }): readonly string[] {
  return [genesis, ...tree.slice(0, blocks)];
}

/** Whether a block is this one or descends from it. */
export function descends(block: string, from: string): boolean {
  return block.startsWith(from);
}

/** The blocks that descend from this one directly. */
export function childrenOf(blocks: readonly string[], parent: string): readonly string[] {
  return blocks.filter((block) => block.length === parent.length + 1 && descends(block, parent));
}

/** A block with its ancestors, the genesis block left out: `A`, `AC`. */
export function pathTo(block: string): readonly string[] {
  return Array.from(block, (_, i) => block.slice(0, i + 1));
}

/** The highest of these blocks, if there are any; of several the first. */
export function highest(blocks: readonly string[]): string | null {
  return blocks.reduce<string | null>(
    (high, block) => (high === null || block.length > high.length ? block : high),
    null,
  );
}

/** How a block is written in labels. */
export function blockText(block: string): string {
  return block === genesis ? "genesis" : block;
}
