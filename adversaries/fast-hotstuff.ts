// Arbitrary adversary for Fast-HotStuff, within the bounds: votes for any block it knows of; new-views with
// any QC that can be proven; and as leader, either of two blocks on any parent, with any provable new-views
// or none.

import { match } from "ts-pattern";
import {
  type Adversary,
  type AdversaryContext,
  collection,
  type Knowledge,
  replicaIds,
  type Signed,
  sign,
} from "../src/protocol/index.js";
import { blockNames, type Chain, extended } from "../src/protocols/chain.js";
import {
  type Body,
  fastHotstuffRules,
  type Message,
  type NewView,
  type Qc,
  qcOf,
} from "../src/protocols/fast-hotstuff/index.js";
import { primaryOf } from "../src/protocols/pbft/quorums.js";
import { provableCollections, range } from "./collections.js";

/** Says anything of Fast-HotStuff that is well-formed, unforged and within the bounds. */
export const fastHotstuffArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("vote", "new-view", () => true)
      .with("proposal", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    const { config, self, views } = place;
    const chains = knownChains(knowledge);
    const qcs = chains
      .map((chain): Qc => qcOf(fastHotstuffRules, config, { tag: "vote", view: chain.at(-1)!.view, chain }))
      .filter((qc) => knowledge.canProve(qc));
    const votes = chains.map((chain): Body => ({ tag: "vote", view: chain.at(-1)!.view, chain }));
    const others = range(0, views).flatMap((view): Body[] => [
      ...(view === 0 ? [] : newViews(view, qcs)),
      ...(primaryOf(config, view) === self ? proposals(place, knowledge, view, qcs) : []),
    ]);
    return [...votes, ...others].map((body) => sign(self, body));
  },
};

/** The blocks that correct replicas have voted for. */
function knownChains(knowledge: Knowledge): Chain[] {
  const chains = (knowledge.statements() as readonly Signed<Body>[]).flatMap(({ body }) =>
    body.tag === "vote" ? [body.chain] : [],
  );
  return [...new Map(chains.map((chain) => [JSON.stringify(chain), chain])).values()];
}

function newViews(view: number, qcs: readonly Qc[]): NewView[] {
  const lower = qcs.filter(({ vote }) => vote.view < view);
  return [null, ...lower].map((high) => ({ tag: "new-view", view, high }));
}

function proposals(
  { config }: AdversaryContext,
  knowledge: Knowledge,
  view: number,
  qcs: readonly Qc[],
): Body[] {
  const said = (knowledge.statements() as readonly Signed<Body>[]).flatMap(({ body }) =>
    body.tag === "new-view" && body.view === view ? [body] : [],
  );
  const ids = replicaIds(config);
  const all = [...said, ...newViews(view, qcs)];
  const shown = [
    collection<NewView>([], 0, ids),
    ...provableCollections(knowledge, all, fastHotstuffRules.quorum(config), ids),
  ];
  const parents: Chain[] = [[], ...qcs.filter(({ vote }) => vote.view < view).map(({ vote }) => vote.chain)];
  return (view === 0 ? [null] : shown).flatMap((behind) =>
    parents.flatMap((parent) =>
      blockNames(view).map(
        (name): Body => ({ tag: "proposal", view, chain: extended(parent, view, name), behind }),
      ),
    ),
  );
}
