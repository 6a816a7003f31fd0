// The protocol of the asyncio tutorial as a `Protocol`: three phases, one view, and no view change.

import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { node } from "./node.js";

/** The tutorial's protocol; its requests have the text's names. */
export const tutorial = uniform({
  name: "tutorial",
  summary: "the three phases of an asyncio tutorial: PBFT's normal case without views, timers or clients",
  message: Message,
  behaviour: node,
  requests: ({ requests }) => Array.from({ length: requests }, (_, index) => `tx-${index + 1}`),
});
