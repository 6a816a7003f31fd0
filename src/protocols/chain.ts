// Chains of blocks, as the chained protocols vote for them. A chain names its last block: the views of the ancestors, from the first one
// on, and its own. The genesis block is left out.

import * as Schema from "effect/Schema";
import { equal } from "../protocol/index.js";

/**
 * A block: its view, and its name, which tells apart the (at most two) blocks of that view. A correct leader
 * makes only the first.
 */
export const Block = Schema.Struct({ view: Schema.Number, name: Schema.String });
export type Block = typeof Block.Type;
export const Chain = Schema.Array(Block);
export type Chain = typeof Chain.Type;

/** The names of the block that a correct leader makes in a view, and of another one. */
export function blockNames(view: number): readonly [string, string] {
  return [`b${view}`, `c${view}`];
}

/** The chain that ends in this block. */
export function extended(parent: Chain, view: number, name = blockNames(view)[0]): Chain {
  return [...parent, { view, name }];
}

/** The chain without its last block. */
export function parentOf(chain: Chain): Chain {
  return chain.slice(0, -1);
}

/** The view of the last block; before all views, -1, for the genesis block. */
export function viewOf(chain: Chain): number {
  return chain.at(-1)?.view ?? -1;
}

/** Whether this is one of these chains, or the genesis block. */
export function isAmong(chains: readonly Chain[], chain: Chain): boolean {
  return chain.length === 0 || chains.some((other) => equal(other, chain));
}

/** How a chain is written in labels: `b0<b1`. */
export function chainText(chain: Chain): string {
  return chain.map(({ name }) => name).join("<");
}

/** The names of the blocks, as requests that are executed. */
export function namesOf(chain: Chain): readonly string[] {
  return chain.map(({ name }) => name);
}
