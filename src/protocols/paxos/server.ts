// A server of Paxos: proposer, acceptor and learner in one. Any server proposes the first value that a client
// puts; a proposal is chosen once a majority has accepted it.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Config,
  type Context,
  type Effect,
  NodeId,
  SetOf,
  type Step,
} from "../../protocol/index.js";
import { decided, reaction, to, toOthers } from "../reactions.js";
import { Accepted, Ballot, isBelow, isSame, type Message, Proposal } from "./messages.js";
import type { Rules } from "./rules.js";

export const Server = Schema.Struct({
  ballot: Ballot,
  proposal: Schema.NullOr(Proposal),
  /** What each server that promised this ballot had accepted before. */
  prepares: SetOf(Schema.Struct({ server: NodeId, accepted: Accepted })),
  accepts: SetOf(NodeId),
  accepted: Accepted,
  decided: Schema.Boolean,
});
export type Server = typeof Server.Type;
type Reaction = Step<Server, Message>;
/** A message of one kind. */
type Said<Tag extends Message["tag"]> = Extract<Message, { readonly tag: Tag }>;

/** A server under these rules. */
export function server(rules: Rules): Behaviour<Server, Message, string, string, Server> {
  return {
    state: Server,
    init: (_context, from) => [reaction(from.kind === "start" ? fresh : from.stable)],
    step: (context, state, input) => {
      if (input.kind === "request")
        return [propose(context, state, { request: 0, client: null, value: input.request })];
      if (input.kind !== "message") return [reaction(state)];
      const { from, message } = input;
      if (state.decided) return [answer(state, from, message)];
      return match(message)
        .returnType<readonly Reaction[]>()
        .with({ tag: "put" }, ({ request, value }) => [
          propose(context, state, { request, client: from, value }),
        ])
        .with({ tag: "prepare" }, ({ ballot }) => [promise(state, from, ballot)])
        .with({ tag: "prepared" }, (prepared) => [receivePromise(rules, context, state, from, prepared)])
        .with({ tag: "accept" }, (proposed) => [accept(rules, state, from, proposed)])
        .with({ tag: "accepted" }, ({ ballot }) => [
          receiveAcceptance(rules, context.config, state, from, ballot),
        ])
        .with({ tag: "decided" }, (decision) => [learn(state, decision)])
        .with({ tag: "get" }, { tag: "put-ok" }, { tag: "get-ok" }, () => [reaction(state)])
        .exhaustive();
    },
    stable: (state) => state,
  };
}

/** Phase 2a: with a majority of promises, proposes what may have been chosen, or its own value. */
function receivePromise(
  rules: Rules,
  { self, config }: Context,
  state: Server,
  from: NodeId,
  heard: Said<"prepared">,
): Reaction {
  const { ballot, accepted } = heard;
  if (!isSame(ballot, state.ballot)) return reaction(state);
  const others = state.prepares.filter((prepare) => prepare.server !== from);
  const prepares = [...others, { server: from, accepted }];
  if (prepares.length !== rules.majority(config)) return reaction({ ...state, prepares });
  const promises = prepares.map((prepare) => prepare.accepted);
  const proposal = rules.proposalAfter(promises, state.proposal!);
  const accepts = [...new Set([...state.accepts, self])];
  const next = { ...state, prepares, proposal, accepted: { ballot, proposal }, accepts };
  return reaction(next, [toOthers<Message>({ tag: "accept", ballot, proposal })]);
}

/** Phase 2b. */
function accept(rules: Rules, state: Server, from: NodeId, { ballot, proposal }: Said<"accept">): Reaction {
  if (!rules.mayAccept(ballot, state.ballot)) return reaction(state);
  return reaction({ ...state, ballot, accepted: { ballot, proposal } }, [
    to<Message>(from, { tag: "accepted", ballot }),
  ]);
}

/** A proposal that a majority has accepted is chosen. */
function receiveAcceptance(
  rules: Rules,
  config: Config,
  state: Server,
  from: NodeId,
  ballot: Ballot,
): Reaction {
  if (!isSame(ballot, state.ballot)) return reaction(state);
  const accepts = [...new Set([...state.accepts, from])];
  if (accepts.length !== rules.majority(config)) return reaction({ ...state, accepts });
  const proposal = state.proposal!;
  const effects: Effect<Message, never>[] = [toOthers<Message>({ tag: "decided", ballot, proposal })];
  if (proposal.client) effects.push(to(proposal.client, { tag: "put-ok", request: proposal.request }));
  return reaction({ ...state, accepts, decided: true }, effects, [decided(proposal.value)]);
}

const fresh: Server = {
  ballot: [0, 0],
  proposal: null,
  prepares: [],
  accepts: [],
  accepted: null,
  decided: false,
};

/** A server that has decided only answers with the value. */
function answer(state: Server, from: NodeId, message: Message): Reaction {
  if (message.tag !== "get" || !state.accepted) return reaction(state);
  const { value } = state.accepted.proposal;
  return reaction(state, [to<Message>(from, { tag: "get-ok", request: message.request, value })]);
}

/** Phase 1a: starts a ballot of its own, above all that it has seen. */
function propose({ self }: Context, state: Server, proposal: Proposal): Reaction {
  if (state.proposal) return reaction(state);
  const ballot: Ballot = [state.ballot[0] + 1, Number(self.slice(1))];
  const prepares = [{ server: self, accepted: state.accepted }];
  return reaction({ ...state, proposal, ballot, prepares, accepts: [] }, [
    toOthers<Message>({ tag: "prepare", ballot }),
  ]);
}

/** Phase 1b: promises to accept nothing below this ballot. */
function promise(state: Server, from: NodeId, ballot: Ballot): Reaction {
  if (!isBelow(state.ballot, ballot)) return reaction(state);
  return reaction({ ...state, ballot }, [
    to<Message>(from, { tag: "prepared", ballot, accepted: state.accepted }),
  ]);
}

/** Accepts the chosen value. */
function learn(state: Server, { ballot, proposal }: Said<"decided">): Reaction {
  const next = { ...state, ballot, accepted: { ballot, proposal }, decided: true };
  return reaction(next, [], [decided(proposal.value)]);
}
