// The tutorial's `Node`, method by method, as a pure function. It has no view change, no timer, no check of
// who may propose, and no client, because the text has none.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Context,
  type Effect,
  type Event,
  NodeId,
  type Outcomes,
  SetOf,
  sign,
} from "../../protocol/index.js";
import type { Body, Message } from "./messages.js";

/** `prepare_votes` and `commit_votes`: for each (seq, digest) the set of its voters. */
const Votes = SetOf(Schema.Struct({ slot: Schema.Number, digest: Schema.String, replica: NodeId }));

export const NodeState = Schema.Struct({
  /** `preprepare_seen`: seq -> digest. */
  seen: SetOf(Schema.Struct({ slot: Schema.Number, digest: Schema.String })),
  prepares: Votes,
  commits: Votes,
  /** `committed`: seq -> digest. */
  committed: SetOf(Schema.Struct({ slot: Schema.Number, digest: Schema.String })),
  /** The last slot that this node has proposed for. */
  proposed: Schema.Number,
});
export type NodeState = typeof NodeState.Type;

type Vote = NodeState["prepares"][number];
type Reactions = Outcomes<NodeState, Message, never>;

const initialState: NodeState = { seen: [], prepares: [], commits: [], committed: [], proposed: 0 };

/** `NodeConfig.primary_id` is 0, in every view. */
const primary = "r0";
/** `NodeConfig.view`. */
const view = 0;

/** `_q_prepare` and `_q_commit`: 2 * f + 1. */
function quorumSize({ faults }: { readonly faults: number }): number {
  return 2 * faults + 1;
}

export const node: Behaviour<NodeState, Message, never, string, NodeState> = {
  state: NodeState,
  init: (_context, from) => stay(from.kind === "start" ? initialState : from.stable),
  step: (context, state, input) => {
    if (input.kind === "request") return propose(context, state, input.request);
    if (input.kind === "timer") return stay(state);
    const { signer, body } = input.message;
    const { slot, digest } = body;
    const vote: Vote = { slot, digest, replica: signer };
    return match(body.tag)
      .with("pre-prepare", () => onPrePrepare(context, state, body))
      .with("prepare", () => onPrepare(context, state, vote))
      .with("commit", () => onCommit(context, state, vote))
      .exhaustive();
  },
  stable: (state) => state,
};

function stay(state: NodeState): Reactions {
  return [{ state, effects: [], events: [] }];
}

/** `propose`: the primary sends a pre-prepare to every node. (The text proposes once, for seq 1.) */
function propose({ self }: Context, state: NodeState, payload: string): Reactions {
  if (self !== primary) return stay(state);
  const slot = state.proposed + 1;
  const effects = toAll(self, { tag: "pre-prepare", view, slot, digest: payload });
  return [{ state: { ...state, proposed: slot }, effects, events: [] }];
}

/** `handle_preprepare`: prepares the first digest for a seq, whoever it is from. */
function onPrePrepare({ self }: Context, state: NodeState, { slot, digest }: Body): Reactions {
  if (digestSeen(state, slot) !== undefined) return stay(state);
  const seen = [...state.seen, { slot, digest }];
  const effects = toAll(self, { tag: "prepare", view, slot, digest });
  return [{ state: { ...state, seen }, effects, events: [] }];
}

/** `handle_prepare`: from a quorum on, every further prepare sends the commit again. */
function onPrepare({ self, config }: Context, state: NodeState, vote: Vote): Reactions {
  const next = { ...state, prepares: withVote(state.prepares, vote) };
  const { slot, digest } = vote;
  if (digestSeen(state, slot) !== digest || votesFor(next.prepares, vote) < quorumSize(config))
    return stay(next);
  return [{ state: next, effects: toAll(self, { tag: "commit", view, slot, digest }), events: [] }];
}

/** `handle_commit`: a quorum of commits decides, whether or not the node has prepared. */
function onCommit({ config }: Context, state: NodeState, vote: Vote): Reactions {
  const next = { ...state, commits: withVote(state.commits, vote) };
  const { slot, digest } = vote;
  if (digestSeen(state, slot) !== digest || state.committed.some((other) => other.slot === slot))
    return stay(next);
  if (votesFor(next.commits, vote) < quorumSize(config)) return stay(next);
  const committed = [...state.committed, { slot, digest }];
  const executed: Event = {
    kind: "executed",
    slot,
    position: committed.length,
    request: digest,
    result: digest,
  };
  return [{ state: { ...next, committed }, effects: [], events: [executed] }];
}

/** `Network.broadcast`: to every node, the sender included. */
function toAll(self: NodeId, body: Body): readonly Effect<Message, never>[] {
  const message = sign(self, body);
  return [
    { kind: "broadcast", message },
    { kind: "send", to: self, message },
  ];
}

function digestSeen(state: NodeState, slot: number): string | undefined {
  return state.seen.find((other) => other.slot === slot)?.digest;
}

function withVote(votes: readonly Vote[], vote: Vote): readonly Vote[] {
  const isThere = votes.some(
    ({ slot, digest, replica }) => slot === vote.slot && digest === vote.digest && replica === vote.replica,
  );
  return isThere ? votes : [...votes, vote];
}

function votesFor(votes: readonly Vote[], { slot, digest }: Vote): number {
  return votes.filter((vote) => vote.slot === slot && vote.digest === digest).length;
}
