// How an identity stands in a file.

import * as Schema from "effect/Schema";

/** Of an {@link Identity}. */
export const IdentitySchema = Schema.Struct({
  digest: Schema.String,
  parts: Schema.Record(Schema.String, Schema.String),
});
