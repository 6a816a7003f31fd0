// What a server of Raft remembers, and what servers say to each other (Ongaro and Ousterhout, "In search of an understandable
// consensus algorithm", 2014, figure 2). Indices of the log begin at 1.

import * as Schema from "effect/Schema";
import { type BodyOf, type MessageOf, NodeId, SetOf } from "../../protocol/index.js";

/** `members`: the servers from this entry on; only entries that change them have it. */
export const Entry = Schema.Struct({
  term: Schema.Number,
  value: Schema.String,
  members: Schema.optionalKey(SetOf(NodeId)),
});
export type Entry = typeof Entry.Type;

export const State = Schema.Struct({
  // On disk before any answer goes out. The state machine is on disk too, so `commit` is its last applied index.
  term: Schema.Number,
  votedFor: Schema.NullOr(NodeId),
  /** The state machine at the last snapshot: the entries that it stands for, which are no longer in the log. */
  snapshot: Schema.Array(Entry),
  log: Schema.Array(Entry),
  commit: Schema.Number,
  // Volatile.
  role: Schema.Literals(["follower", "pre-candidate", "candidate", "leader"]),
  votes: SetOf(NodeId),
  /** Of a leader: the next index to send to each other server, and the last that is known to be there. */
  followers: SetOf(Schema.Struct({ server: NodeId, next: Schema.Number, match: Schema.Number })),
  /** Of a leader that was asked for reads: how many, the commit index when the last one was (null: it is answered), and who has confirmed since. */
  read: Schema.optionalKey(
    Schema.Struct({ number: Schema.Number, index: Schema.NullOr(Schema.Number), by: SetOf(NodeId) }),
  ),
});
export type State = typeof State.Type;

/** What survives a crash. */
export const durable = ["term", "votedFor", "snapshot", "log", "commit"] as const;

const lastEntry = { lastIndex: Schema.Number, lastTerm: Schema.Number };
export const messages = {
  "request-vote": { term: Schema.Number, ...lastEntry },
  vote: { term: Schema.Number },
  "request-pre-vote": { term: Schema.Number, ...lastEntry },
  "pre-vote": { term: Schema.Number },
  append: {
    term: Schema.Number,
    prevIndex: Schema.Number,
    prevTerm: Schema.Number,
    entries: Schema.Array(Entry),
    commit: Schema.Number,
  },
  /** `index`: if it is `ok`, the last one that is as the leader's; otherwise where the logs may agree. */
  "append-reply": { term: Schema.Number, ok: Schema.Boolean, index: Schema.Number },
  snapshot: { term: Schema.Number, entries: Schema.Array(Entry) },
  /** A leader asks, for its read of that number, whether it still leads. */
  confirm: { term: Schema.Number, read: Schema.Number },
  confirmed: { term: Schema.Number, read: Schema.Number },
} as const;
export type Message = MessageOf<typeof messages>;
/** A message of one kind. */
export type Said<Tag extends Message["tag"]> = Extract<BodyOf<Message>, { readonly tag: Tag }>;

/** The log with what was compacted. */
export const whole = ({ snapshot, log }: Pick<State, "snapshot" | "log">) => [...snapshot, ...log];

export const lastIndex = ({ snapshot, log }: State) => snapshot.length + log.length;

/** The term of the entry at an index; undefined if it is not there. */
export const termAt = (state: State, index: number) => (index === 0 ? 0 : whole(state)[index - 1]?.term);

export const lastTerm = (state: State) => termAt(state, lastIndex(state))!;

/** The entries from an index on. */
export const entriesFrom = (state: State, index: number) => whole(state).slice(index - 1);
