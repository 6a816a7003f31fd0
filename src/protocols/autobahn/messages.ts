// The messages of Autobahn's consensus (Giridharan, Suri-Payer, Abraham, Alvisi and Crooks, SOSP'24, section 5), for one slot. A value stands for a
// cut: the tips of the lanes, along which data spread beforehand.

import * as Schema from "effect/Schema";
import { type BodyOf, CertificateOf, CollectionOf, type MessageOf, SignedOf } from "../../protocol/index.js";

/** What a vote signs. Without a value it would fit any. */
export const Ballot = Schema.Struct({
  tag: Schema.Literal("vote"),
  phase: Schema.Literals(["prepare", "confirm"]),
  view: Schema.Number,
  value: Schema.optionalKey(Schema.String),
});
export type Ballot = typeof Ballot.Type;

/** A certificate of a phase, and the value that it is said to be for. */
export const Qc = Schema.Struct({ view: Schema.Number, value: Schema.String, proof: CertificateOf(Ballot) });
export type Qc = typeof Qc.Type;

/** A replica gives up a view: the highest certificate of the first phase that it has seen. */
export const Timeout = Schema.Struct({
  tag: Schema.Literal("timeout"),
  view: Schema.Number,
  high: Schema.NullOr(Qc),
});
export type Timeout = typeof Timeout.Type;
/** The timeouts of a quorum: the ticket for the next view. */
export const Ticket = CollectionOf(Timeout);
export type Ticket = typeof Ticket.Type;

const { tag: _vote, ...ballot } = Ballot.fields;
const { tag: _timeout, ...timeout } = Timeout.fields;
export const messages = {
  prepare: SignedOf(
    Schema.Struct({ view: Schema.Number, value: Schema.String, ticket: Schema.NullOr(Ticket) }),
  ),
  vote: SignedOf(Schema.Struct(ballot)),
  confirm: SignedOf(Schema.Struct({ qc: Qc })),
  commit: { qc: Qc },
  timeout: SignedOf(Schema.Struct(timeout)),
};
/** A message of Autobahn's consensus. */
export type Message = MessageOf<typeof messages>;
/** What a message of one kind says. */
export type Said<Tag extends BodyOf<Message>["tag"]> = Extract<BodyOf<Message>, { readonly tag: Tag }>;
