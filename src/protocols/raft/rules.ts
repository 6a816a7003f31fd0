// The rules of Raft on which its safety rests (figure 3): two majorities share a server, a server votes once in a term and
// only for a log that is at least as complete as its own, and what a majority stores in the leader's own term stays.

import type { NodeId } from "../../protocol/index.js";
import { founders, type RaftConfig } from "./parameters.js";
import { durable, type Entry, lastIndex, lastTerm, type Said, type State, termAt, whole } from "./state.js";

export const raftRules = {
  /** The servers whose majority counts: those of the last configuration in the log, committed or not. */
  members: (config: RaftConfig, state: Pick<State, "snapshot" | "log" | "commit">): readonly NodeId[] =>
    whole(state).findLast(({ members }) => members)?.members ?? founders(config),

  /** The servers whose majority elects a candidate: those that count for everything else. */
  electors: (
    _config: RaftConfig,
    _state: Pick<State, "snapshot" | "log" | "commit">,
    members: readonly NodeId[],
  ): readonly NodeId[] => members,

  /** One change at a time, and only once the leader has committed something in its own term. */
  mayChange: (state: State): boolean =>
    termAt(state, state.commit) === state.term &&
    whole(state)
      .slice(state.commit)
      .every(({ members }) => !members),

  /** How many of these servers elect a leader, and commit an entry. */
  majority: (servers: number): number => Math.floor(servers / 2) + 1,

  /** One vote a term (5.2). */
  mayVote: ({ votedFor }: State, candidate: NodeId): boolean => votedFor === null || votedFor === candidate,

  /** The election restriction (5.4.1): the later last term, or with the same one the longer log. */
  isUpToDate: (state: State, asked: Pick<Said<"request-vote">, "lastIndex" | "lastTerm">): boolean =>
    asked.lastTerm > lastTerm(state) ||
    (asked.lastTerm === lastTerm(state) && asked.lastIndex >= lastIndex(state)),

  /** Whoever leads, or hears from a leader, wants no other one. (Here time says nothing: only the leader knows.) */
  mayPreVote: ({ role }: State): boolean => role !== "leader",

  /** A candidate has given its vote: to itself (5.2). */
  ownVote: (self: NodeId): NodeId | null => self,

  /** How many votes count among these servers: those of strangers do not, who may know a server without being members. */
  votesAmong: (members: readonly NodeId[], votes: readonly NodeId[]): number =>
    members.filter((server) => votes.includes(server)).length,

  /** A vote counts in the term in which it was given. */
  countsVote: (state: State, { term }: Said<"vote">): boolean =>
    state.role === "candidate" && term === state.term,

  /** A pre-vote is a promise and no vote: it does not count once the server that asked for it stands. */
  isVote: (_state: State, _given: Said<"pre-vote">): boolean => false,

  /** Only a leader takes what clients ask for, and stamps it with the term that it leads. */
  mayAppend: ({ role }: State): boolean => role === "leader",

  /** What a leader of an earlier term sends is refused (5.1). */
  follows: (state: State, { term }: Said<"append">): boolean => term >= state.term,

  /** Whom a server has voted for once it follows the leader of the term: still the same, for the term is not over (5.2). */
  voteOfFollower: (votedFor: NodeId | null): NodeId | null => votedFor,

  /** The consistency check (5.3). */
  matches: (state: State, { prevIndex, prevTerm }: Said<"append">): boolean =>
    termAt(state, prevIndex) === prevTerm,

  /** The log after an append: a suffix goes only where it conflicts, for an append may come late (5.3). */
  appended: (state: State, { prevIndex, entries }: Said<"append">): readonly Entry[] => {
    const { snapshot, log } = state;
    const conflict = entries.findIndex(({ term }, i) => termAt(state, prevIndex + i + 1) !== term);
    if (conflict < 0) return log;
    return [...log.slice(0, prevIndex + conflict - snapshot.length), ...entries.slice(conflict)];
  },

  /** What a follower confirms: what this append has shown to be as the leader's, not all that it has. */
  confirmed: (_state: State, { prevIndex, entries }: Said<"append">): number => prevIndex + entries.length,

  /** The commit index of a follower, which only grows; of its log (up to `_last`) only what is as the leader's may be committed. */
  commitAfter: (
    commit: number,
    { commit: leaders }: Said<"append">,
    confirmed: number,
    _last: number,
  ): number => Math.max(commit, Math.min(leaders, confirmed)),

  /** What is known to be at a follower; replies come in any order. */
  matchAfter: (match: number, confirmed: number): number => Math.max(match, confirmed),

  /** What a leader sends next to a follower that has what is `match` and before: what comes after. */
  nextAfterReply: (_next: number, match: number): number => match + 1,

  /** A leader counts copies only of entries of its own term (5.4.2). */
  mayCommit: (state: State, index: number): boolean => termAt(state, index) === state.term,

  /** A leader answers reads once it has committed something in its own term: before that it does not know what else was committed (8). */
  mayRead: (state: State): boolean => termAt(state, state.commit) === state.term,

  /** How many of these servers must confirm that a leader still leads, before it answers a read: a majority (8). */
  readQuorum: (servers: number): number => Math.floor(servers / 2) + 1,

  /** What confirms it: an answer to this read, of this term. Whoever has answered before may follow another leader by now. */
  confirms: ({ term, read }: State, said: Said<"confirmed">): boolean =>
    said.term === term && said.read === read?.number,

  /** What a server sends from: never what is known to be there already. */
  nextAfterReject: (match: number, hint: number): number => Math.max(match, hint) + 1,

  /** The term after a snapshot was installed: a snapshot is as old as its last entry, and says nothing of terms. */
  termAfterSnapshot: (term: number, _last: Entry): number => term,

  /** What survives a crash: what a server has promised, and what it has confirmed. */
  durable: (): readonly (keyof State)[] => durable,

  /** What else a crash may leave on the disk, if its last write was confirmed but failed: nothing. */
  unsynced: (_state: State): readonly Partial<State>[] => [],
};
export type RaftRules = typeof raftRules;
