// The protocol of the asyncio tutorial as a protocol under test: three phases, one view, no way out of a bad primary.

import { type Config, type Protocol, replicaIds } from "../../protocol/index.js";
import { Message } from "./messages.js";
import { node } from "./node.js";

export const tutorial: Protocol<Message, string> = {
  name: "tutorial",
  summary: "the three phases of an asyncio tutorial: PBFT's normal case without views, timers or clients",
  message: Message,
  nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: node })),
  requests: ({ requests }: Config) => Array.from({ length: requests }, (_, index) => `tx-${index + 1}`),
  digest: (request) => request,
};
