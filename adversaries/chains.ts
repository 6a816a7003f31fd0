// What a Byzantine leader may propose, and vote for, in a protocol whose votes name chains: in each of its views either of two blocks, on
// any chain that a correct replica has named or that it could have proposed before.

import { type AdversaryContext, inTurn, type Knowledge } from "../src/protocol/index.js";
import { blockNames, type Chain, chainText, extended, viewOf } from "../src/protocols/chain.js";
import { range } from "./collections.js";

type Place = Pick<AdversaryContext, "byzantine" | "config" | "views">;

/** The chains that signed statements of correct replicas name. */
export function knownChains(knowledge: Knowledge): readonly Chain[] {
  const chains = knowledge.bodies().flatMap((body) => {
    const { chain } = body as { readonly chain?: Chain };
    return chain === undefined ? [] : [chain];
  });
  return [...new Map(chains.map((chain) => [chainText(chain), chain])).values()];
}

/** The chains that Byzantine leaders could propose. */
export function ownChains({ byzantine, config, views }: Place, known: readonly Chain[]): readonly Chain[] {
  const own: Chain[] = [];
  for (const view of range(0, views).filter((led) => byzantine.includes(inTurn(config, led)))) {
    const parents = [[], ...known, ...own].filter((chain) => viewOf(chain) < view);
    own.push(...parents.flatMap((parent) => blockNames(view).map((name) => extended(parent, view, name))));
  }
  return own;
}
