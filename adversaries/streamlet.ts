// Arbitrary adversary for Streamlet, within the bounds.

import { type Adversary, certificate, inTurn, replicaIds, sign } from "../src/protocol/index.js";
import { viewOf } from "../src/protocols/chain.js";
import { type Message, streamletRules } from "../src/protocols/streamlet/index.js";
import { knownChains, ownChains } from "./chains.js";

/** Shows whatever notarization can be proven, to whom it likes, and as leader proposes either of two blocks on any chain. */
export const streamletArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "votes for all blocks, and as leader proposes two, on any chain",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: () => true,
  moves: (place, knowledge) => {
    const { self, config } = place;
    const known = knownChains(knowledge);
    const led = ownChains(place, known).filter((chain) => inTurn(config, viewOf(chain)) === self);
    const quorum = streamletRules.quorum(config);
    return [
      ...led.map((chain) => sign(self, { tag: "proposal" as const, chain })),
      ...known
        .map((chain) => certificate({ tag: "vote" as const, chain }, quorum, replicaIds(config)))
        .filter((proof) => knowledge.canProve(proof))
        .map((proof) => ({ tag: "notarization" as const, proof })),
    ];
  },
};
