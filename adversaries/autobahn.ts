// Arbitrary adversary for Autobahn, within the bounds.

import {
  type Adversary,
  type AdversaryContext,
  certificate,
  collection,
  inTurn,
  type Knowledge,
  replicaIds,
  sign,
} from "../src/protocol/index.js";
import {
  autobahnRules,
  type Ballot,
  type Message,
  type Qc,
  type Ticket,
  type Timeout,
} from "../src/protocols/autobahn/index.js";
import { valuesOf } from "../src/protocols/reactions.js";
import { provableCollections, range } from "./collections.js";
import { usurper } from "./usurper.js";

/** Says anything of Autobahn that is well-formed, unforged and within the bounds. */
export const autobahnArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: ({ body }) => isBallot(body) || isTimeout(body),
  moves: (place, knowledge) => {
    const { self, config, views } = place;
    const values = valuesOf(config);
    const all = range(0, views);
    const qcs = provable(place, knowledge, values);
    const led = all.filter((view) => inTurn(config, view) === self);
    const proposals = led.flatMap((view) =>
      tickets(place, knowledge, view, qcs).flatMap((ticket) =>
        values.map((value) => sign(self, { tag: "prepare" as const, view, value, ticket })),
      ),
    );
    const phases = ["prepare", "confirm"] as const;
    const ballots = all.flatMap((view) =>
      phases.flatMap((phase) => values.map((value) => sign(self, autobahnRules.ballot(phase, view, value)))),
    );
    return [
      ...proposals,
      ...ballots,
      ...qcs.map((qc) => sign(self, { tag: "confirm" as const, qc })),
      ...qcs.map((qc) => ({ tag: "commit" as const, qc })),
      ...all.flatMap((view) => timeouts(view, qcs).map((body) => sign(self, body))),
    ];
  },
};

/** Proposes values although it does not lead, and says nothing else. */
export const autobahnUsurper: Adversary<Message> = usurper((value) => ({
  tag: "prepare",
  view: 0,
  value,
  ticket: null,
}));

const isBallot = (body: unknown): body is Ballot => (body as Ballot).tag === "vote";
const isTimeout = (body: unknown): body is Timeout => (body as Timeout).tag === "timeout";

/** The certificates that can be proven, each said to be for any value. */
function provable(
  { config }: AdversaryContext,
  knowledge: Knowledge,
  values: readonly string[],
): readonly Qc[] {
  const proofs = (knowledge.bodies(isBallot) as readonly Ballot[])
    .map((ballot) => certificate(ballot, autobahnRules.quorum(config), replicaIds(config)))
    .filter((proof) => knowledge.canProve(proof));
  return proofs.flatMap((proof) => values.map((value) => ({ view: proof.vote.view, value, proof })));
}

/** Timeouts that tell of nothing, or of such a certificate. */
function timeouts(view: number, qcs: readonly Qc[]): readonly Timeout[] {
  const highs = qcs.filter((qc) => qc.proof.vote.phase === "prepare" && qc.view <= view);
  return [null, ...highs].map((high) => ({ tag: "timeout", view, high }));
}

/** The tickets for a view that can be proven, and one that proves nothing. */
function tickets(
  { config }: AdversaryContext,
  knowledge: Knowledge,
  view: number,
  qcs: readonly Qc[],
): readonly (Ticket | null)[] {
  if (view === 0) return [null];
  const ids = replicaIds(config);
  const said = knowledge.bodies((body) => isTimeout(body) && body.view === view - 1) as readonly Timeout[];
  const bodies = [...said, ...timeouts(view - 1, qcs)];
  const shown = provableCollections(knowledge, bodies, autobahnRules.quorum(config), ids);
  return [collection<Timeout>([], 0, ids), ...shown];
}
