// The messages of single-decree Paxos (Lamport, "Paxos made simple", 2001), and those of its clients. Ballots
// are (round, server).

import * as Schema from "effect/Schema";
import { NodeId } from "../../protocol/index.js";

export const Ballot = Schema.Tuple([Schema.Number, Schema.Number]);
export type Ballot = typeof Ballot.Type;
/** `client` is null if the request is the environment's. */
export const Proposal = Schema.Struct({
  request: Schema.Number,
  client: Schema.NullOr(NodeId),
  value: Schema.String,
});
export type Proposal = typeof Proposal.Type;
export const Accepted = Schema.NullOr(Schema.Struct({ ballot: Ballot, proposal: Proposal }));
export type Accepted = typeof Accepted.Type;

export const Message = Schema.Union([
  Schema.Struct({ tag: Schema.Literal("put"), request: Schema.Number, value: Schema.String }),
  Schema.Struct({ tag: Schema.Literal("get"), request: Schema.Number }),
  Schema.Struct({ tag: Schema.Literal("put-ok"), request: Schema.Number }),
  Schema.Struct({ tag: Schema.Literal("get-ok"), request: Schema.Number, value: Schema.String }),
  Schema.Struct({ tag: Schema.Literal("prepare"), ballot: Ballot }),
  Schema.Struct({ tag: Schema.Literal("prepared"), ballot: Ballot, accepted: Accepted }),
  Schema.Struct({ tag: Schema.Literal("accept"), ballot: Ballot, proposal: Proposal }),
  Schema.Struct({ tag: Schema.Literal("accepted"), ballot: Ballot }),
  Schema.Struct({ tag: Schema.Literal("decided"), ballot: Ballot, proposal: Proposal }),
]);
export type Message = typeof Message.Type;

/** Whether a ballot is lower than another one. */
export function isBelow([round, server]: Ballot, [otherRound, other]: Ballot): boolean {
  return round < otherRound || (round === otherRound && server < other);
}

export function isSame(a: Ballot, b: Ballot): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
