// Leader election (section 5.2): a server that hears from no leader asks all others for their votes in a new term.

import { type NodeId, reply } from "../../protocol/index.js";
import { type Context, others, type Turn } from "./context.js";
import { lead } from "./replication.js";
import { lastIndex, lastTerm, type Said, type State } from "./state.js";
import { following, inTerm } from "./terms.js";

/** The election timer has expired: a candidate votes for itself. */
export function campaign(context: Context, state: State): Turn {
  if (state.role === "leader") return reply(state);
  const { self } = context;
  const candidate: State = {
    ...following(state),
    ...{ role: "candidate", term: state.term + 1, votedFor: self, votes: [self] },
  };
  const asks = {
    ...({ tag: "request-vote", term: candidate.term } as const),
    ...{ lastIndex: lastIndex(state), lastTerm: lastTerm(state) },
  };
  const asked = others(context).reduce<Turn>((turn, to) => turn.send(to, asks), reply(candidate));
  return won(context, asked.setTimer("election"));
}

/** A candidate asks for a vote. */
export function vote({ rules }: Context, before: State, from: NodeId, asked: Said<"request-vote">): Turn {
  const state = inTerm(before, asked.term);
  if (asked.term < state.term || !rules.mayVote(state, from) || !rules.isUpToDate(state, asked))
    return reply(state);
  return reply({ ...state, votedFor: from }).send(from, { tag: "vote", term: state.term });
}

/** A vote for this candidate. */
export function countVote(context: Context, state: State, from: NodeId, given: Said<"vote">): Turn {
  if (!context.rules.countsVote(state, given) || state.votes.includes(from)) return reply(state);
  return won(context, reply({ ...state, votes: [...state.votes, from] }));
}

/** With a majority of votes a candidate leads. */
function won(context: Context, turn: Turn): Turn {
  const { role, votes } = turn.state;
  const members = context.rules.members(context.config, turn.state);
  const inFavour = members.filter((server) => votes.includes(server)).length;
  if (role !== "candidate" || inFavour < context.rules.majority(members.length)) return turn;
  return lead(context, turn);
}
