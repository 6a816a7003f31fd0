// Arbitrary adversary for Istanbul BFT, within the bounds: any vote; as proposer, any value (invalid ones
// too) on any round-changes or none; round-changes with any provable certificate, or with one that proves
// nothing; and a decision wherever a quorum of commits can be proven.

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
import {
  type Body,
  ibftRules,
  type Message,
  type Prepared,
  proofOf,
  type RoundChange,
} from "../src/protocols/ibft/index.js";
import { primaryOf } from "../src/protocols/pbft/quorums.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";
import { provableCollections, range } from "./collections.js";

/** Says anything of Istanbul BFT that is well-formed, unforged and within the bounds. */
export const ibftArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("prepare", "commit", "round-change", "decided", () => true)
      .with("pre-prepare", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    const { config, self, views } = place;
    const rounds = range(0, views);
    const bodies: Body[] = rounds.flatMap((round) => [
      ...(primaryOf(config, round) === self ? proposals(place, knowledge, round) : []),
      ...valuesOf(config).flatMap((value): Body[] => [
        { tag: "prepare", round, value },
        { tag: "commit", round, value },
      ]),
    ]);
    const changes = range(1, views + (place.beyond ? 1 : 0)).flatMap((round) => [
      ...provenChanges(place, knowledge, round),
      ...unprovenChanges(place, round),
    ]);
    return [...bodies, ...changes, ...decisions(place, knowledge)].map((body) => sign(self, body));
  },
};

function proposals(place: AdversaryContext, knowledge: Knowledge, round: number): Body[] {
  const values = [...valuesOf(place.config), neverRequested];
  const behind = round === 0 ? [null] : justifications(place, knowledge, round);
  return behind.flatMap((changes) =>
    values.map((value): Body => ({ tag: "pre-prepare", round, value, changes })),
  );
}

/** Quorums of round-changes, including one with a certificate that proves nothing; and none at all. */
function justifications(place: AdversaryContext, knowledge: Knowledge, round: number) {
  const said = (knowledge.statements() as readonly Signed<Body>[]).flatMap(({ body }) =>
    body.tag === "round-change" && body.round === round ? [body] : [],
  );
  const own = [...provenChanges(place, knowledge, round), ...unprovenChanges(place, round)];
  const ids = replicaIds(place.config);
  return [
    collection<RoundChange>([], 0, ids),
    ...provableCollections(knowledge, [...said, ...own], ibftRules.quorum(place.config), ids),
  ];
}

/** Round-changes with no certificate, or with a provable one. */
function provenChanges({ config }: AdversaryContext, knowledge: Knowledge, round: number): RoundChange[] {
  const certificates = range(0, round - 1).flatMap((prepared) =>
    valuesOf(config)
      .map(
        (value): Prepared => ({
          round: prepared,
          value,
          proof: proofOf(ibftRules, config, { tag: "prepare", round: prepared, value }),
        }),
      )
      .filter(({ proof }) => knowledge.canProve(proof)),
  );
  return [null, ...certificates].map((prepared) => ({ tag: "round-change", round, prepared }));
}

/** Round-changes with a certificate that nobody signed. */
function unprovenChanges({ config }: AdversaryContext, round: number): RoundChange[] {
  return valuesOf(config).map((value) => {
    const vote = { tag: "prepare" as const, round: round - 1, value };
    const proof = { ...proofOf(ibftRules, config, vote), atLeast: 0 };
    return { tag: "round-change", round, prepared: { round: round - 1, value, proof } };
  });
}

function decisions({ config, views }: AdversaryContext, knowledge: Knowledge): Body[] {
  return range(0, views).flatMap((round) =>
    valuesOf(config)
      .map((value) => proofOf(ibftRules, config, { tag: "commit" as const, round, value }))
      .filter((proof) => knowledge.canProve(proof))
      .map((proof): Body => ({ tag: "decided", proof })),
  );
}
