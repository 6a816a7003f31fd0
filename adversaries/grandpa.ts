// Adversaries for GRANDPA.

import {
  type Adversary,
  type AdversaryContext,
  certificate,
  replicaIds,
  sign,
} from "../src/protocol/index.js";
import { blocksOf, genesis } from "../src/protocols/grandpa/blocks.js";
import { grandpaRules, type Message, type Statement } from "../src/protocols/grandpa/index.js";
import { range } from "./collections.js";

const common = {
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: () => true,
} as const;

/** Votes for every block of every round, which is an equivocation; whoever counts votes sees it. */
export const grandpaEquivocator: Adversary<Message> = {
  ...common,
  name: "equivocating-voter",
  summary: "votes for all blocks, and everybody sees it",
  strength: 2,
  moves: (place) => {
    const statements = sayings(place);
    return range(0, place.views).flatMap((round) =>
      [true, false].map((isPrevote) => {
        const said = statements.filter((one) => one.round === round && (one.tag === "prevote") === isPrevote);
        return { tag: "vote" as const, said: said.map((one) => sign(place.self, one)) };
      }),
    );
  },
};

/** Votes for every block, and shows each voter which quorums it likes of those that there are with its votes. */
export const grandpaArbitrary: Adversary<Message> = {
  ...common,
  name: "arbitrary",
  summary: "votes for all blocks, and shows whom it likes the quorums that it makes",
  strength: 3,
  moves: (place, knowledge) => {
    const { config } = place;
    const size = grandpaRules.supermajority(config);
    const sizes = [...new Set([size, Math.ceil(config.replicas / 2)])];
    return sayings(place)
      .flatMap((body) => sizes.map((atLeast) => certificate(body, atLeast, replicaIds(config))))
      .filter((proof) => knowledge.canProve(proof))
      .map((proof) => ({ tag: "quorums", proofs: [proof] }));
  },
};

/** Everything that a voter could say. */
function sayings({ config, views }: Pick<AdversaryContext, "config" | "views">): readonly Statement[] {
  const blocks = blocksOf({ blocks: Number(config.set?.blocks) });
  const about = <const Tag extends string>(tag: Tag, named: readonly string[]) =>
    range(0, views).flatMap((round) => named.map((block) => ({ tag, round, block })));
  const others = blocks.filter((block) => block !== genesis);
  return [...about("prevote", blocks), ...about("precommit", others), ...about("exclude", others)];
}
