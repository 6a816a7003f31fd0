// The three messages of the tutorial "A Coding Implementation to Simulate Practical Byzantine Fault Tolerance
// with Asyncio, Malicious Nodes, and Latency Analysis": `Msg(typ, view, seq, digest, sender)` with typ
// PREPREPARE, PREPARE or COMMIT. Its requests are payloads; messages contain only their digest. A digest is
// symbolic here: it is the payload.
//
// One difference: the text trusts the field `sender`. Here the sender is the signer, as everywhere in
// Turncoat, so nobody can vote in another's name.

import * as Schema from "effect/Schema";
import { SignedOf } from "../../protocol/index.js";

const fields = { view: Schema.Number, slot: Schema.Number, digest: Schema.String };

const PrePrepare = Schema.Struct({ tag: Schema.Literal("pre-prepare"), ...fields });
const Prepare = Schema.Struct({ tag: Schema.Literal("prepare"), ...fields });
const Commit = Schema.Struct({ tag: Schema.Literal("commit"), ...fields });

export const Body = Schema.Union([PrePrepare, Prepare, Commit]);
export type Body = typeof Body.Type;

export const Message = SignedOf(Body);
export type Message = typeof Message.Type;
