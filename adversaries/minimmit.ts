// Arbitrary adversary for Minimmit, within the bounds.

import {
  type Adversary,
  type AdversaryContext,
  certificate,
  inTurn,
  type Knowledge,
  replicaIds,
  sign,
} from "../src/protocol/index.js";
import { type Chain, viewOf } from "../src/protocols/chain.js";
import { type Message, minimmitRules, type Vote } from "../src/protocols/minimmit/index.js";
import { contradicts } from "../src/protocols/minimmit/state.js";
import { knownChains, ownChains } from "./chains.js";
import { provableCollections, range } from "./collections.js";

/** Shows whatever can be proven, to whom it likes, and as leader proposes either of two blocks on any chain. */
export const minimmitArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary:
    "votes for all blocks, gives up all views, contradicts all, and as leader proposes two blocks, on any chain",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: () => true,
  moves: (place, knowledge) => {
    const { self, config, views } = place;
    const known = knownChains(knowledge);
    const led = ownChains(place, known).filter((chain) => inTurn(config, viewOf(chain)) === self);
    const notarize = known.map((chain) => ({ tag: "notarize" as const, chain }));
    const nullify = range(0, views).map((view) => ({ tag: "nullify" as const, view }));
    return [
      ...led.map((chain) => sign(self, { tag: "proposal" as const, chain })),
      ...proofs(place, knowledge, notarize).map((proof) => ({ tag: "notarization" as const, proof })),
      ...proofs(place, knowledge, nullify).map((proof) => ({ tag: "nullification" as const, proof })),
      ...known.flatMap((chain) => contradictions(place, knowledge, chain, [...notarize, ...nullify])),
    ];
  },
};

type Place = Pick<AdversaryContext, "config">;

/** The certificates of these votes that can be proven, of as many votes as a rule, or a flawed one, may ask for. */
function proofs<V extends Vote>({ config }: Place, knowledge: Knowledge, votes: readonly V[]) {
  const [few, many] = [minimmitRules.few(config), minimmitRules.many(config)];
  const sizes = [...new Set([config.faults + 1, few, many - 1, many])];
  return votes
    .flatMap((vote) => sizes.map((size) => certificate(vote, size, replicaIds(config))))
    .filter((proof) => knowledge.canProve(proof));
}

/** What contradicts a block, if it is of enough replicas. */
function contradictions(
  { config }: Place,
  knowledge: Knowledge,
  chain: Chain,
  votes: readonly Vote[],
): Message[] {
  const bodies = votes.filter((vote) => contradicts(vote, chain));
  return [config.faults + 1, minimmitRules.contradicting(config)]
    .flatMap((size) => provableCollections(knowledge, bodies, size, replicaIds(config)))
    .map((proof) => ({ tag: "contradiction", proof }));
}
