// What a replica remembers, and what replicas say to each other (Castro and Liskov, TOCS 2002, sections 2.3 and 4.3). Fields have the paper's
// meaning and longer names:
//
//   <PRE-PREPARE, v, n, m>          pre-prepare  slot, value
//   <PREPARE, v, n, d, i>           prepare      slot, value
//   <COMMIT, v, n, d, i>            commit       slot, value
//   <CHECKPOINT, n, d, i>           checkpoint   history        (its length is n, and it stands for its digest)
//   <QUERY-STABLE, i>               query-stable
//   <REPLY-STABLE, c, p, i>         reply-stable checkpoint (c), prepared (p)
//   <REQUEST, <RECOVERY, H_M>, t>   recover      bound (H_M)
//   <REPLY, n_R>                    recover-reply slot (n_R)
//
// `recovered` and `taken` are not the protocol's: the first lets the second replica fall, the second tells the attacker that it has its keys.

import * as Schema from "effect/Schema";
import { type BodyOf, type MessageOf, NodeId, SetOf, SignedOf } from "../../protocol/index.js";

const slot = Schema.Number;

/** What is ordered: a client's request, a recovery request, or the null request. */
export const Value = Schema.String;

/** The state of the service: what was executed, slot by slot. */
const History = Schema.Array(Value);

/** One slot of the log. It exists once the replica has accepted the primary's proposal, which is its own vote too. */
const Entry = Schema.Struct({
  slot,
  value: Value,
  phase: Schema.Literals(["pre-prepared", "prepared", "committed"]),
  /** Whose prepares or commits for it have come, whichever the phase waits for. */
  votes: SetOf(NodeId),
});
export type Entry = typeof Entry.Type;

/** What a replica answers to the estimation. */
const Answer = Schema.Struct({ from: NodeId, checkpoint: slot, prepared: slot });
export type Answer = typeof Answer.Type;

export const State = Schema.Struct({
  /**
   * `taken`: in the attacker's hands, so it does nothing. `estimating` and `recovering`: on the way back, and still counted as faulty.
   */
  standing: Schema.Literals(["normal", "taken", "estimating", "recovering"]),
  /** How often the replica has changed the keys under which others send to it. */
  keys: Schema.Number,
  /** Of the primary: what it has to propose. */
  pending: SetOf(Value),
  history: History,
  log: SetOf(Entry),
  /** h: the last stable checkpoint. */
  stable: slot,
  /** Checkpoint messages for slots above it. */
  checkpoints: SetOf(Schema.Struct({ from: NodeId, history: History })),
  /** Up to which slot the primary has to fill the log, for a recovery to end. */
  fillTo: slot,
  /** Whether it has answered the estimation. */
  hasAnswered: Schema.Boolean,
  // Of the replica that recovers.
  answers: SetOf(Answer),
  /** H_M. */
  bound: slot,
  replies: SetOf(Schema.Struct({ from: NodeId, slot })),
  /** H, the recovery point; 0 as long as it is not known. */
  point: slot,
});
export type State = typeof State.Type;

export const initial: State = {
  ...{ standing: "normal", keys: 0, pending: [], history: [], log: [], stable: 0, checkpoints: [] },
  ...{ fillTo: 0, hasAnswered: false, answers: [], bound: 0, replies: [], point: 0 },
};

/**
 * A MAC that the attacker makes: in whose name, with the how-manieth key of the receiver, and for one receiver or for all. Correct replicas
 * send in their own name and under the keys that are current, and say neither: they send again what a receiver has not accepted.
 */
const Mac = Schema.Struct({ as: NodeId, key: Schema.Number, to: Schema.optionalKey(NodeId) });
const mac = Schema.optionalKey(Mac);

export const messages = {
  "pre-prepare": { slot, value: Value, mac },
  prepare: { slot, value: Value, mac },
  commit: { slot, value: Value, mac },
  checkpoint: SignedOf(Schema.Struct({ tag: Schema.Literal("checkpoint"), history: History, mac })),
  "query-stable": {},
  "reply-stable": { checkpoint: slot, prepared: slot, mac },
  recover: SignedOf(Schema.Struct({ tag: Schema.Literal("recover"), bound: slot })),
  "recover-reply": { slot, mac },
  recovered: {},
  taken: SignedOf(Schema.Struct({ tag: Schema.Literal("taken") })),
};
/** A message of PBFT with proactive recovery. */
export type Message = MessageOf<typeof messages>;
/** A message of one kind. */
export type Said<Tag extends BodyOf<Message>["tag"]> = Extract<BodyOf<Message>, { readonly tag: Tag }>;
export type Mac = typeof Mac.Type;
