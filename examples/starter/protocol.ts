// The smallest protocol there is: r0 decides, and everybody believes it. It holds as long as nobody lies. Make it yours.

import * as Schema from "effect/Schema";
import { defineProtocol, reply } from "turncoat";

export default defineProtocol({
  name: "mine",
  summary: "r0 says which request is executed, and everybody believes it",
  messages: { decide: { value: Schema.String } },
  state: { decided: Schema.NullOr(Schema.String) },
  initial: { decided: null },
  onRequest: ({ self }, state, value) =>
    self === "r0" && state.decided === null
      ? reply({ decided: value }).broadcast({ tag: "decide", value }).executed({ request: value })
      : state,
  on: {
    decide: (_context, state, { from, message: { value } }) =>
      from === "r0" && state.decided === null
        ? reply({ decided: value }).executed({ request: value })
        : state,
  },
});
