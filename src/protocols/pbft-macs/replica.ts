// A replica of PBFT without signatures: PBFT's, with another view change.

import type { Signed } from "../../protocol/index.js";
import { onPrePrepare, onRequest, onVote } from "../pbft/normal-case.js";
import { type Form, replica as pbftReplica } from "../pbft/replica.js";
import { isDead } from "./dead.js";
import type { Body, Message } from "./messages.js";
import { onNewView } from "./new-view.js";
import { type Reaction, shared } from "./reaction.js";
import type { MacRules } from "./rules.js";
import { initialState, MacState } from "./state.js";
import { onTimeout, onViewChange, onViewChangeAck } from "./view-change.js";

/** One handler for each type of message; a type without one does not compile. */
const handlers: {
  readonly [Tag in Body["tag"]]: (
    reaction: Reaction,
    signed: Signed<Extract<Body, { tag: Tag }>>,
  ) => Reaction;
} = {
  request: shared(onRequest),
  "pre-prepare": shared(onPrePrepare),
  prepare: shared(onVote),
  commit: shared(onVote),
  reply: (reaction) => reaction, // replies are for clients
  "view-change": onViewChange,
  "view-change-ack": onViewChangeAck,
  "new-view": onNewView,
};

const form = {
  state: MacState,
  initialState,
  handle: (reaction: Reaction, input: Parameters<Form["handle"]>[1]): Reaction => {
    switch (input.kind) {
      case "message": {
        const message = input.message as unknown as Message;
        return handlers[message.body.tag](reaction, message as never);
      }
      case "timer":
        return onTimeout(reaction);
      case "request":
        return shared(onRequest)(reaction, input.request);
    }
  },
  isDead,
};

/** A replica that follows `rules`. */
export function replica(rules: MacRules) {
  return pbftReplica(rules, form as unknown as Form);
}
