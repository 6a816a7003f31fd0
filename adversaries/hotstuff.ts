// Arbitrary adversary for HotStuff, within the bounds: any vote and any new-view; as leader, any value
// (invalid ones too) with any provable prepareQC, with one that proves nothing and claims this very view, or
// with none; and as leader any provable QC, to any single receiver.

import { match } from "ts-pattern";
import {
  type Adversary,
  type AdversaryContext,
  type Knowledge,
  type Signed,
  sign,
} from "../src/protocol/index.js";
import {
  type Body,
  hotstuffRules,
  type Message,
  phases,
  type Qc,
  qcOf,
} from "../src/protocols/hotstuff/index.js";
import { primaryOf } from "../src/protocols/pbft/quorums.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";
import { range } from "./collections.js";
import { usurper } from "./usurper.js";

/** Says anything of HotStuff that is well-formed, unforged and within the bounds. */
export const hotstuffArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("vote", () => true)
      .with("new-view", "proposal", "qc", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    const { config, self, views } = place;
    const qcs = range(0, views).flatMap((view) => provableQcs(place, knowledge, view));
    const bodies = range(0, views).flatMap((view): Body[] => {
      const prepared = qcs.filter(({ vote }) => vote.phase === "prepare" && vote.view < view);
      const justifications = [null, ...prepared];
      return [
        ...(primaryOf(config, view) === self ? proposals(place, view, justifications) : []),
        ...phases.flatMap((phase) =>
          valuesOf(config).map((value): Body => ({ tag: "vote", phase, view, value })),
        ),
        ...(view === 0 ? [] : justifications.map((justify): Body => ({ tag: "new-view", view, justify }))),
      ];
    });
    const shown = qcs.filter(({ vote }) => primaryOf(config, vote.view) === self);
    return [...bodies, ...shown.map((qc): Body => ({ tag: "qc", qc }))].map((body) => sign(self, body));
  },
};

/** Proposes values although it does not lead, and says nothing else. */
export const hotstuffUsurper: Adversary<Message> = usurper((value) => ({
  tag: "proposal",
  view: 0,
  value,
  justify: null,
}));

function proposals(
  { config }: AdversaryContext,
  view: number,
  justifications: readonly (Qc | null)[],
): Body[] {
  return [...valuesOf(config), neverRequested].flatMap((value) => {
    const vote = { tag: "vote" as const, phase: "prepare" as const, view, value };
    const unsigned = view === 0 ? [] : [{ ...qcOf(hotstuffRules, config, vote), atLeast: 0 }];
    return [...justifications, ...unsigned].map(
      (justify): Body => ({ tag: "proposal", view, value, justify }),
    );
  });
}

function provableQcs({ config }: AdversaryContext, knowledge: Knowledge, view: number): Qc[] {
  return phases.flatMap((phase) =>
    [...valuesOf(config), neverRequested]
      .map((value) => qcOf(hotstuffRules, config, { tag: "vote", phase, view, value }))
      .filter((qc) => knowledge.canProve(qc)),
  );
}
