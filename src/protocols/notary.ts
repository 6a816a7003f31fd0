// The notary: a node that stands for "a quorum of votes arrives". In protocols in which everybody sends votes to everybody, each replica would
// count them one by one, and the order of the counting would multiply the states. Here replicas send their votes to the notary, which
// sends everybody a certificate as soon as there is one. On a network that may delay any message a replica then learns of a quorum exactly when
// it could have counted it; the votes of Byzantine replicas are in the certificates that an adversary can prove. It is no replica: it never fails.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Certificate,
  type Config,
  certificate,
  equal,
  NodeId,
  type NodeSpec,
  replicaIds,
  SetOf,
  type Signed,
} from "../protocol/index.js";

/** The name of the node. */
export const notaryId: NodeId = "notary";

/** What it certifies. */
export interface Notary<Vote, Message> {
  /** The schema of the body of a vote. A message is a signed vote, or has several of them in its field `said`. */
  readonly vote: Schema.Codec<Vote>;
  /** How many votes make a certificate; several numbers make several, one after the other. */
  readonly quorums: (config: Config, vote: Vote) => readonly number[];
  /** The message with a certificate. */
  readonly says: (proof: Certificate<Vote>) => Message;
  /** What else it says once these votes are cast; said once each, and nothing that it has said falls away. Default: nothing. */
  readonly also?: (config: Config, cast: readonly Cast<Vote>[]) => readonly Message[];
}

/** A vote and whose it is. */
export interface Cast<Vote> {
  readonly from: NodeId;
  readonly vote: Vote;
}

/** The notary as a node. What is no vote it ignores. */
export function notary<Vote, Message>({
  vote,
  quorums,
  says,
  also = () => [],
}: Notary<Vote, Message>): NodeSpec<Message> {
  const isVote = Schema.is(vote);
  const State = Schema.Struct({ votes: SetOf(Schema.Struct({ from: NodeId, vote })) });
  type State = typeof State.Type;
  const behaviour: Behaviour<State, Message, never, string, State> = {
    state: State as unknown as Schema.Schema<State>,
    init: (_, from) => [
      { state: from.kind === "start" ? { votes: [] } : from.stable, effects: [], events: [] },
    ],
    step: ({ config }, state, input) => {
      const nothing = [{ state, effects: [], events: [] }];
      if (input.kind !== "message") return nothing;
      const { from, message } = input;
      const isCounted = (vote: Vote) => state.votes.some((one) => one.from === from && equal(one.vote, vote));
      const fresh = bodiesOf(message)
        .filter(isVote)
        .filter((vote) => !isCounted(vote));
      if (fresh.length === 0) return nothing;
      const votes = [...state.votes, ...fresh.map((vote) => ({ from, vote }))];
      const said = also(config, state.votes);
      const news = also(config, votes).filter((one) => !said.some((other) => equal(other, one)));
      const proofs = fresh.flatMap((vote) => {
        const count = votes.filter((other) => equal(other.vote, vote)).length;
        if (!quorums(config, vote).includes(count)) return [];
        return [says(certificate(vote, count, replicaIds(config)) as Certificate<Vote>)];
      });
      news.unshift(...proofs);
      const effects = news.map((message) => ({ kind: "broadcast", message }) as const);
      return [{ state: { votes }, effects, events: [] }];
    },
    stable: (state) => state,
  };
  return { id: notaryId, role: "replica", behaviour };
}

/** What a message signs: a signed vote, or several in one message. */
function bodiesOf(message: unknown): readonly unknown[] {
  const { body, said } = message as Partial<Signed<unknown>> & { readonly said?: readonly Signed<unknown>[] };
  return said === undefined ? [body] : said.map((one) => one.body);
}

/** Whether a certificate, or a collection of votes, is from so many of the replicas. */
export function isFrom(
  config: Pick<Config, "replicas">,
  proof: Pick<Certificate<unknown>, "atLeast" | "among">,
  votes: number,
): boolean {
  return proof.atLeast >= votes && proof.among.every((id) => replicaIds(config).includes(id));
}
