// The three messages of Bracha's reliable broadcast ("Asynchronous Byzantine agreement protocols", 1987,
// section 3). They are not signed: links are authenticated, and that is all the protocol needs.

import * as Schema from "effect/Schema";

/** A message of reliable broadcast. This is its schema; its type has the same name. */
export const Message = Schema.Struct({
  tag: Schema.Literals(["initial", "echo", "ready"]),
  value: Schema.String,
});
/** A message of reliable broadcast. */
export type Message = typeof Message.Type;
