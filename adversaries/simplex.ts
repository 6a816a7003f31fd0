// Arbitrary adversary for Simplex, within the bounds.

import { type Adversary, certificate, inTurn, replicaIds, sign } from "../src/protocol/index.js";
import { viewOf } from "../src/protocols/chain.js";
import { type Message, simplexRules } from "../src/protocols/simplex/index.js";
import { knownChains, ownChains } from "./chains.js";
import { range } from "./collections.js";

/** Shows whatever can be proven, to whom it likes, and as leader proposes either of two blocks on any chain. */
export const simplexArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary:
    "votes for all blocks, gives up all views, finalizes all, and as leader proposes two blocks, on any chain",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: () => true,
  moves: (place, knowledge) => {
    const { self, config, views } = place;
    const known = knownChains(knowledge);
    const led = ownChains(place, known).filter((chain) => inTurn(config, viewOf(chain)) === self);
    const sizes = [simplexRules.quorum(config, "notarize"), config.faults + 1];
    const proofs = <Vote>(votes: readonly Vote[]) =>
      votes
        .flatMap((vote) => sizes.map((size) => certificate(vote, size, replicaIds(config))))
        .filter((proof) => knowledge.canProve(proof));
    const about = <const Tag extends string>(tag: Tag) => known.map((chain) => ({ tag, chain }));
    const given = range(0, views).map((view) => ({ tag: "nullify" as const, view }));
    return [
      ...led.map((chain) => sign(self, { tag: "proposal" as const, chain })),
      ...proofs(about("notarize")).map((proof) => ({ tag: "notarization" as const, proof })),
      ...proofs(given).map((proof) => ({ tag: "nullification" as const, proof })),
      ...proofs(about("finalize")).map((proof) => ({ tag: "finalization" as const, proof })),
    ];
  },
};
