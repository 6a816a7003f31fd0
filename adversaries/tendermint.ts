// Arbitrary adversary for Tendermint, within the bounds: any vote, nil included; as proposer, any value
// (invalid ones too) with any provable polka, with one that proves nothing, or with none; polkas sent to a
// proposer; and a decision wherever a quorum of precommits can be proven.

import { match } from "ts-pattern";
import type { Adversary, AdversaryContext, Knowledge, Signed } from "../src/protocol/index.js";
import { sign } from "../src/protocol/index.js";
import { primaryOf } from "../src/protocols/pbft/quorums.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";
import {
  type Body,
  type Message,
  type Polka,
  proofOf,
  tendermintRules,
} from "../src/protocols/tendermint/index.js";
import { range } from "./collections.js";

/**
 * A replica that forgets its locks and is otherwise correct (ADR-056 calls that amnesia): it votes for the
 * first value in round 0 and for the last one ever after. So it never votes twice in a round. It forwards
 * decisions.
 */
export const tendermintAmnesiac: Adversary<Message> = {
  name: "tendermint-amnesiac",
  summary: "votes for one value in round 0, forgets that it is locked, and votes for another one later",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: () => true,
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("precommit", () => true)
      .with("prevote", "proposal", "new-round", "decided", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    const { config, self, views } = place;
    const bodies = range(0, views).flatMap((round): Body[] => {
      const value = valuesOf(config).at(round === 0 ? 0 : -1)!;
      const isProposer = primaryOf(config, round) === self;
      return [
        ...(isProposer ? [{ tag: "proposal" as const, round, value, valid: null }] : []),
        { tag: "prevote", round, value },
        { tag: "precommit", round, value },
        { tag: "new-round", round, valid: null },
      ];
    });
    return [...bodies, ...decisions(place, knowledge)].map((body) => sign(self, body));
  },
};

/** Says anything of Tendermint that is well-formed, unforged and within the bounds. */
export const tendermintArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("prevote", "precommit", () => true)
      .with("proposal", "new-round", "decided", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    const { config, self, views } = place;
    const bodies = range(0, views).flatMap((round): Body[] => {
      const polkas = [null, ...provablePolkas(place, knowledge, round)];
      return [
        ...(primaryOf(config, round) === self ? proposals(place, round, polkas) : []),
        ...[...valuesOf(config), null].flatMap((value): Body[] => [
          { tag: "prevote", round, value },
          { tag: "precommit", round, value },
        ]),
        ...(round === 0 ? [] : polkas.map((valid): Body => ({ tag: "new-round", round, valid }))),
      ];
    });
    return [...bodies, ...decisions(place, knowledge)].map((body) => sign(self, body));
  },
};

function proposals(place: AdversaryContext, round: number, polkas: readonly (Polka | null)[]): Body[] {
  return [...valuesOf(place.config), neverRequested].flatMap((value) =>
    [...polkas, ...(round === 0 ? [] : [unsigned(place, round - 1, value)])].map(
      (valid): Body => ({ tag: "proposal", round, value, valid }),
    ),
  );
}

function provablePolkas({ config }: AdversaryContext, knowledge: Knowledge, before: number): Polka[] {
  return range(0, before - 1).flatMap((round) =>
    valuesOf(config)
      .map((value): Polka => proofOf(tendermintRules, config, { tag: "prevote", round, value }))
      .filter((polka) => knowledge.canProve(polka)),
  );
}

/** A certificate that nobody has signed. */
function unsigned({ config }: AdversaryContext, round: number, value: string): Polka {
  return { ...proofOf(tendermintRules, config, { tag: "prevote" as const, round, value }), atLeast: 0 };
}

function decisions({ config, views }: AdversaryContext, knowledge: Knowledge): Body[] {
  return range(0, views).flatMap((round) =>
    valuesOf(config)
      .map((value) => proofOf(tendermintRules, config, { tag: "precommit" as const, round, value }))
      .filter((proof) => knowledge.canProve(proof))
      .map((proof): Body => ({ tag: "decided", proof })),
  );
}
