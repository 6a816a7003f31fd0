// The messages of the exercise "Byzantine Fault Tolerance Consensus Algorithm" (in Go): `Message` with Type,
// View, Sequence, NodeID and Payload. NodeID is the signer, which `processMessage` checks, so it is the
// origin here. A payload is a value.

import * as Schema from "effect/Schema";

const place = { view: Schema.Number, slot: Schema.Number, value: Schema.String };

export const Message = Schema.Union([
  Schema.Struct({ tag: Schema.Literal("request"), value: Schema.String }),
  Schema.Struct({ tag: Schema.Literal("pre-prepare"), ...place }),
  Schema.Struct({ tag: Schema.Literal("prepare"), ...place }),
  Schema.Struct({ tag: Schema.Literal("commit"), ...place }),
  Schema.Struct({ tag: Schema.Literal("view-change"), view: Schema.Number }),
  Schema.Struct({ tag: Schema.Literal("new-view"), view: Schema.Number }),
]);
export type Message = typeof Message.Type;
