// A protocol whose replicas defer what they hear until a timer has expired.

import * as Schema from "effect/Schema";
import { defineProtocol, reply } from "../../src/protocol/index.js";

export default defineProtocol({
  name: "patient",
  summary: "r0 says hello; the others listen once their timer has expired",
  vocabulary: { views: null },
  messages: { hello: { value: Schema.String } },
  state: { isOpen: Schema.Boolean },
  initial: { isOpen: false },
  onStart: ({ self }, state, { kind }) => {
    const started = reply(state).setTimer("open");
    return self === "r0" && kind === "start"
      ? started.broadcast({ tag: "hello", value: "A" }).executed({ request: "A" })
      : started;
  },
  onTimer: { open: (_, state) => ({ ...state, isOpen: true }) },
  on: {
    hello: (_, state, { message }) =>
      state.isOpen ? reply(state).executed({ request: message.value }) : reply(state).defer("hello"),
  },
});
