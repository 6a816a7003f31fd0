// Log replication and commitment (sections 5.3 and 5.4): the leader appends what clients ask for, brings the logs of all others
// to its own, and commits what a majority stores.

import { type Digest, type NodeId, type OwnEntry, reply } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { type Context, others, type Turn, waitAgain } from "./context.js";
import { possibleChanges, steppedDown } from "./membership.js";
import { waitForReads } from "./reads.js";
import { type Entry, entriesFrom, lastIndex, type Said, type State, termAt, whole } from "./state.js";
import { following, inTerm, replyFrom } from "./terms.js";

/** A client asks long before anybody would stand for election. */
const clientDelay = 0.1;

/** The entry that is committed already where somebody leads at the start: it asks for nothing. */
export const ledValue = "start";

/** A candidate has won: it sends to all, and waits for clients. */
export function lead(context: Context, turn: Turn): Turn {
  const { state } = turn;
  const next = lastIndex(state) + 1;
  const followers = others(context).map((server) => ({ server, next, match: 0 }));
  const leader: State = { ...state, role: "leader", votes: [], followers };
  const shown = turn
    .with(leader)
    .cancelTimer("election")
    .shows("leader", { term: state.term, log: whole(state) });
  return waitForReads(context, waitForClients(context, sendToAll(context, shown)));
}

/** As long as there is room in the log, and somebody has something to ask for. */
function waitForClients(context: Context, turn: Turn): Turn {
  return possible(context, turn.state).length > 0 ? turn.setTimer("client", clientDelay) : turn;
}

/** The entries that may come next, if there is room for one. */
function possible(context: Context, state: State): readonly Entry[] {
  if (lastIndex(state) >= context.config.slots) return [];
  const known = whole(state).map(({ value }) => value);
  const unasked = valuesOf(context.config).filter((value) => !known.includes(value));
  return [...unasked.map((value) => ({ term: state.term, value })), ...possibleChanges(context, state)];
}

/** A client asks the leader; for what is a choice. */
export function request(context: Context, state: State): readonly Turn[] | State {
  const entries = context.rules.mayAppend(state) ? possible(context, state) : [];
  if (entries.length === 0) return state;
  return entries.map((entry) => {
    const turn = committed(context, withLog(reply(state), [...state.log, entry]));
    return waitForClients(context, sendToAll(context, turn)).labelled(entry.value);
  });
}

function sendToAll(context: Context, turn: Turn): Turn {
  return turn.state.followers.reduce((out, { server }) => sendTo(context, server, out), turn);
}

/** What a follower lacks as far as the leader knows; nothing, as a heartbeat, if it lacks nothing, or if heartbeats are apart. */
function sendTo({ config }: Context, to: NodeId, turn: Turn): Turn {
  const { state } = turn;
  const { next } = state.followers.find(({ server }) => server === to)!;
  const { term, commit, snapshot } = state;
  if (next <= snapshot.length) return turn.send(to, { tag: "snapshot", term, entries: snapshot });
  const previous = { prevIndex: next - 1, prevTerm: termAt(state, next - 1)! };
  const entries = entriesFrom(state, next);
  const sent = turn.send(to, { tag: "append", term, ...previous, entries, commit });
  if (!config.set.heartbeats || entries.length === 0) return sent;
  return sent.send(to, { tag: "append", term, ...previous, entries: [], commit });
}

/** The leader of this term, or of a later one, sends entries. */
export function append(context: Context, before: State, from: NodeId, sent: Said<"append">): Turn {
  const { rules } = context;
  if (!rules.follows(before, sent)) return reply(before);
  const joined = following(inTerm(before, sent.term));
  const state = { ...joined, votedFor: rules.voteOfFollower(joined.votedFor) };
  const { term } = sent;
  const turn = replyFrom(before, state);
  const quiet = before.role === "leader" ? turn.cancelTimer("client") : waitAgain(context, turn);
  if (!rules.matches(state, sent)) {
    const index = Math.min(sent.prevIndex - 1, lastIndex(state));
    return quiet.send(from, { tag: "append-reply", term, ok: false, index });
  }
  const log = rules.appended(state, sent);
  const index = rules.confirmed({ ...state, log }, sent);
  const stored = withLog(quiet, log).send(from, { tag: "append-reply", term, ok: true, index });
  return applied(context, stored, rules.commitAfter(state.commit, sent, index, lastIndex(stored.state)));
}

/** A follower has answered. */
export function receive(context: Context, state: State, from: NodeId, answer: Said<"append-reply">): Turn {
  const { rules } = context;
  const follower = state.followers.find(({ server }) => server === from);
  if (!follower || answer.term !== state.term) return reply(state);
  const known = (change: Partial<typeof follower>): State => ({
    ...state,
    followers: state.followers.map((one) => (one === follower ? { ...one, ...change } : one)),
  });
  if (!answer.ok)
    return sendTo(context, from, reply(known({ next: rules.nextAfterReject(follower.match, answer.index) })));
  const match = rules.matchAfter(follower.match, answer.index);
  const next = rules.nextAfterReply(follower.next, match);
  const told = reply(known({ match, next })).shows("match", { term: state.term, of: from, match, next });
  const after = committed(context, told);
  if (after.state.commit === state.commit) return after;
  return steppedDown(context, waitForClients(context, sendToAll(context, after)));
}

/** Commits the last entry that may be committed and that a majority stores. */
function committed(context: Context, turn: Turn): Turn {
  const { self, config, rules } = context;
  const { state } = turn;
  const members = rules.members(config, state);
  const copies = (index: number) =>
    members.filter(
      (id) => id === self || state.followers.some(({ server, match }) => server === id && match >= index),
    ).length;
  for (let index = lastIndex(state); index > state.commit; index--)
    if (rules.mayCommit(state, index) && copies(index) >= rules.majority(members.length))
      return applied(context, turn, index);
  return turn;
}

/** The commit index is `to` now; what is committed is applied. */
export function applied(context: Context, turn: Turn, to: number): Turn {
  const { config } = context;
  const { state } = turn;
  const { commit, term } = state;
  if (to === commit) return turn;
  const log = whole(state).slice(0, to);
  const moved = turn.with({ ...state, commit: to }).shows("commit", { term, log });
  const executed = moved.executedFrom(commit + 1, log.slice(commit).map(executable));
  return waitForReads(context, config.set.snapshots ? executed.setTimer("compact") : executed);
}

/** Servers execute changes of members, too, for which no client has asked. */
function executable({ value, members }: Entry): Digest | OwnEntry | null {
  if (value === ledValue) return null;
  return members ? { own: value } : value;
}

export function withLog(turn: Turn, log: State["log"]): Turn {
  if (log === turn.state.log) return turn;
  const state = { ...turn.state, log };
  return turn.with(state).shows("log", { log: whole(state) });
}
