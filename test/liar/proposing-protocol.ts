// A protocol whose messages have to agree with themselves: a proposal with the digest of its request, and a claim with a certificate for the
// very value that is stated beside it. Nobody checks who has made the request, nor who has signed the certificate.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  CertificateOf,
  NodeId,
  type Protocol,
  replicaIds,
  SignedOf,
  type Step,
} from "../../src/protocol/index.js";

const Request = Schema.Struct({ tag: Schema.Literal("request"), client: NodeId, operation: Schema.String });
const Proposal = Schema.Struct({ tag: Schema.Literal("proposal"), digest: Schema.String, request: Request });
const Vote = Schema.Struct({ tag: Schema.Literal("vote"), value: Schema.String });
const Claim = Schema.Struct({
  tag: Schema.Literal("claim"),
  statement: SignedOf(Vote),
  proof: CertificateOf(Schema.Struct({ tag: Schema.Literal("ack"), value: Schema.String })),
});
const Message = Schema.Union([Proposal, Claim]);
type Message = typeof Message.Type;
type Request = typeof Request.Type;
const State = Schema.Struct({ done: Schema.Boolean });
type State = typeof State.Type;

/** The requests are of c0 and c1, which are no nodes; r1 proposes the first. */
export function proposing(): Protocol<Message, Request> {
  const digest = ({ client, operation }: Request) => `${client} asks for ${operation}`;
  const requests = ["A", "B"].map(
    (operation, index): Request => ({ tag: "request", client: `c${index}`, operation }),
  );
  const behaviour: Behaviour<State, Message, never, Request, State> = {
    state: State,
    init: ({ self }) => [
      {
        state: { done: false },
        effects: requests.flatMap((request) =>
          self === "r1"
            ? [
                {
                  kind: "broadcast" as const,
                  message: { tag: "proposal" as const, digest: digest(request), request },
                },
              ]
            : [],
        ),
        events: [],
      },
    ],
    step: (_, state, input): readonly Step<State, Message, never>[] => {
      if (input.kind !== "message" || state.done) return [{ state, effects: [], events: [] }];
      const { message } = input;
      const isRight =
        message.tag === "proposal"
          ? message.digest === digest(message.request)
          : message.proof.vote.value === message.statement.body.value;
      return [{ state: { done: isRight }, effects: [], events: [] }];
    },
    stable: (state) => state,
  };
  return {
    name: "proposing",
    summary: "accepts what agrees with itself",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: () => requests,
    digest,
  };
}
