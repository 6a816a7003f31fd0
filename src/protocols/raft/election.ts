// Leader election (section 5.2): a server that hears from no leader asks all others for their votes in a new term. With pre-votes
// (thesis, 9.6) it asks first whether it would get them, so that a server that was cut off deposes nobody when it comes back.

import { type NodeId, reply } from "../../protocol/index.js";
import { type Context, others, type Turn, waitAgain } from "./context.js";
import { lead } from "./replication.js";
import { lastIndex, lastTerm, type Message, type Said, type State } from "./state.js";
import { following, inTerm, replyFrom } from "./terms.js";

/** The election timer has expired. */
export function stand(context: Context, state: State): Turn {
  if (!context.rules.members(context.config, state).includes(context.self))
    return reply(state).setTimer("election");
  if (!context.config.set.preVote) return campaign(context, state);
  return state.role === "leader" ? reply(state) : askFirst(context, state);
}

/** A candidate votes for itself, and asks all others. */
function campaign(context: Context, state: State): Turn {
  if (state.role === "leader") return reply(state);
  const { self, rules } = context;
  const candidate: State = {
    ...following(state),
    ...{ role: "candidate", term: state.term + 1, votedFor: rules.ownVote(self), votes: [self] },
  };
  const asked = askAll(context, candidate, { tag: "request-vote", term: candidate.term, ...lastOf(state) });
  return hasMajority(context, candidate) ? lead(context, asked) : asked;
}

/** A pre-candidate changes neither its term nor its vote. */
function askFirst(context: Context, state: State): Turn {
  const next: State = { ...following(state), role: "pre-candidate", votes: [context.self] };
  const asked = askAll(context, next, { tag: "request-pre-vote", term: state.term + 1, ...lastOf(state) });
  return hasMajority(context, next) ? campaign(context, next) : asked;
}

function askAll(context: Context, state: State, asks: Message): Turn {
  return others(context)
    .reduce<Turn>((turn, to) => turn.send(to, asks), reply(state))
    .setTimer("election");
}

function lastOf(state: State) {
  return { lastIndex: lastIndex(state), lastTerm: lastTerm(state) };
}

/** A candidate asks for a vote. */
export function vote(context: Context, before: State, from: NodeId, asked: Said<"request-vote">): Turn {
  const { rules } = context;
  const state = inTerm(before, asked.term);
  const turn = replyFrom(before, state);
  if (asked.term < state.term || !rules.mayVote(state, from) || !rules.isUpToDate(state, asked)) return turn;
  const voted = turn.with({ ...state, votedFor: from }).send(from, { tag: "vote", term: state.term });
  return waitAgain(context, voted);
}

/** A pre-candidate asks whether it would get the vote: nothing is stored. */
export function preVote(
  { rules }: Context,
  state: State,
  from: NodeId,
  asked: Said<"request-pre-vote">,
): Turn {
  const { term } = asked;
  const wouldVote = term > state.term || (term === state.term && rules.mayVote(state, from));
  if (!wouldVote || !rules.mayPreVote(state) || !rules.isUpToDate(state, asked)) return reply(state);
  return reply(state).send(from, { tag: "pre-vote", term }).shows("pre-vote", { role: state.role });
}

/** A vote for this candidate. With a majority of them it leads. */
export function countVote(context: Context, state: State, from: NodeId, given: Said<"vote">): Turn {
  if (!context.rules.countsVote(state, given) || state.votes.includes(from)) return reply(state);
  const next = { ...state, votes: [...state.votes, from] };
  return hasMajority(context, next) ? lead(context, reply(next)) : reply(next);
}

/** A pre-vote for this server. With a majority of them it stands for election. */
export function countPreVote(context: Context, state: State, from: NodeId, given: Said<"pre-vote">): Turn {
  if (context.rules.isVote(state, given)) return countVote(context, state, from, { ...given, tag: "vote" });
  const isAsked = state.role === "pre-candidate" && given.term === state.term + 1;
  if (!isAsked || state.votes.includes(from)) return reply(state);
  const next = { ...state, votes: [...state.votes, from] };
  return hasMajority(context, next) ? campaign(context, next) : reply(next);
}

function hasMajority({ config, rules }: Context, state: State): boolean {
  const members = rules.electors(config, state, rules.members(config, state));
  return rules.votesAmong(members, state.votes) >= rules.majority(members.length);
}
