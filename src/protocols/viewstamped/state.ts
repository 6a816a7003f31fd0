// What a replica of Viewstamped Replication remembers, and what replicas say to each other (Liskov and Cowling, MIT-CSAIL-TR-2012-021).
// Nothing is on a disk but a counter, which makes the nonces of recoveries fresh.

import * as Schema from "effect/Schema";
import { type BodyOf, type MessageOf, NodeId, SetOf } from "../../protocol/index.js";

const Log = Schema.Array(Schema.String);
const current = { log: Log, commit: Schema.Number };
/** A crash vector: how often replicas have come back, as far as it is known; 0 for those that are not in it. */
const Crashes = SetOf(Schema.Struct({ node: NodeId, count: Schema.Number }));

export const State = Schema.Struct({
  view: Schema.Number,
  /** The last view in which its status was normal. */
  lastNormal: Schema.Number,
  status: Schema.Literals(["normal", "view-change", "recovering"]),
  ...current,
  /** Of the primary: who has which number of operations. */
  acknowledged: SetOf(Schema.Struct({ from: NodeId, op: Schema.Number })),
  /** Who starts the view change to `view`. */
  starters: SetOf(NodeId),
  /** Of its new primary: what the others have. */
  changes: SetOf(Schema.Struct({ from: NodeId, lastNormal: Schema.Number, ...current, crashes: Crashes })),
  /** Of who recovers: what the others have. */
  replies: SetOf(Schema.Struct({ from: NodeId, view: Schema.Number, ...current, crashes: Crashes })),
  nonce: Schema.Number,
  crashes: Crashes,
});
export type State = typeof State.Type;

export const messages = {
  prepare: { view: Schema.Number, op: Schema.Number, value: Schema.String },
  "prepare-ok": { view: Schema.Number, op: Schema.Number },
  commit: { view: Schema.Number, commit: Schema.Number },
  "start-view-change": { view: Schema.Number },
  "do-view-change": { view: Schema.Number, lastNormal: Schema.Number, ...current, crashes: Crashes },
  "start-view": { view: Schema.Number, ...current },
  recovery: { nonce: Schema.Number },
  "recovery-response": { nonce: Schema.Number, view: Schema.Number, ...current, crashes: Crashes },
};
export type Message = MessageOf<typeof messages>;
/** A message of one kind. */
export type Said<Tag extends Message["tag"]> = Extract<BodyOf<Message>, { readonly tag: Tag }>;
export type Change = State["changes"][number];
export type Answer = State["replies"][number];
export type Crashes = State["crashes"];
