// Raft (Ongaro and Ousterhout, 2014): a log that servers agree on, and of whom less than half may crash and come back. Terms are
// views; the last slot is the most that a log may hold. An election timer expires at any moment. Each file has one section of the paper.

import { defineProtocol, type NodeId, type Protocol, reply } from "../../protocol/index.js";
import { type Context, type Turn, waitAgain } from "./context.js";
import { countPreVote, countVote, preVote, stand, vote } from "./election.js";
import { alike, parameters } from "./parameters.js";
import { ask, confirm, countConfirmation } from "./reads.js";
import { append, applied, lead, ledValue, receive, request } from "./replication.js";
import { raftRules } from "./rules.js";
import { compact, install } from "./snapshots.js";
import { type Message, messages, State } from "./state.js";

/** Who leads at the start, where somebody does. */
const first: NodeId = "r0";

/** A server begins, or comes back. */
function begin(context: Context, state: State, { kind }: { readonly kind: "start" | "restart" }): Turn {
  const { self, config } = context;
  const begun = config.set.led && kind === "start" ? applied(context, reply(state), 1) : reply(state);
  if (config.set.led && kind === "start" && self === first) return lead(context, begun);
  return waitAgain(context, begun);
}

/** Raft with these rules. */
export function raft(
  rules = raftRules,
  name = "raft",
  summary = "Raft: leader election and a replicated log, with crashes",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    promises: "all-execute",
    vocabulary: { views: "terms", slots: "indexes" },
    resilience: "crash",
    messages,
    state: State,
    initial: ({ config }): State => ({
      ...{ term: 0, votedFor: null, snapshot: [], log: [], commit: 0 },
      ...{ role: "follower", votes: [], followers: [] },
      ...(config.set.led && { term: 1, votedFor: first, log: [{ term: 1, value: ledValue }] }),
    }),
    stable: rules.durable(),
    unsynced: (state) => rules.unsynced(state).map((change) => ({ ...state, ...change })),
    rules,
    parameters,
    interchangeable: alike,
    view: ({ term }) => term,
    onStart: begin,
    onTimer: { election: stand, client: request, compact, read: ask },
    completions: ["compact"],
    on: {
      "request-vote": (context, state, { from, message }) => vote(context, state, from, message),
      vote: (context, state, { from, message }) => countVote(context, state, from, message),
      "request-pre-vote": (context, state, { from, message }) => preVote(context, state, from, message),
      "pre-vote": (context, state, { from, message }) => countPreVote(context, state, from, message),
      append: (context, state, { from, message }) => append(context, state, from, message),
      "append-reply": (context, state, { from, message }) => receive(context, state, from, message),
      snapshot: (context, state, { from, message }) => install(context, state, from, message),
      confirm: (context, state, { from, message }) => confirm(context, state, from, message),
      confirmed: (context, state, { from, message }) => countConfirmation(context, state, from, message),
    },
  });
}
