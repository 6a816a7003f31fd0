// Dead messages of the view change without signatures; those of the normal case are PBFT's. See
// pbft/dead.ts.

import { type Context, equal, type Signed } from "../../protocol/index.js";
import { isDead as isDeadInPbft } from "../pbft/dead.js";
import { primaryOf } from "../pbft/quorums.js";
import type { Message, ViewChangeAck } from "./messages.js";
import type { MacRules } from "./rules.js";
import { isOver, type MacState, receivedFrom } from "./state.js";
import { ackCounts, vouches } from "./view-change.js";

/** Whether a replica ignores the message from now on. False where that is not obvious. */
export function isDead(rules: MacRules, context: Context, state: MacState, message: Message): boolean {
  const { signer, body } = message;
  switch (body.tag) {
    case "view-change":
      return isOver(state, body.view) || receivedFrom(state, body.view, signer) !== undefined;
    case "view-change-ack":
      return isOver(state, body.view) || isAckDead(rules, context, state, { ...message, body });
    case "new-view":
      return isOver(state, body.view);
    default:
      return isDeadInPbft(rules, context, state as never, message as never);
  }
}

/** Whether it is counted, or not for what has come from the sender of the view-change. */
function isAckDead(
  rules: MacRules,
  { config, self }: Context,
  state: MacState,
  ack: Signed<ViewChangeAck>,
): boolean {
  const { view, of } = ack.body;
  if (primaryOf(config, view) !== self) return isVouched(rules, config, state, ack);
  const received = receivedFrom(state, view, of);
  return received !== undefined && !ackCounts(rules, received, ack);
}

/**
 * Whether it will not be kept. Where another ack of its signer is kept it still may be: that one is dropped when
 * the view-change itself arrives.
 */
function isVouched(
  rules: MacRules,
  config: Context["config"],
  state: MacState,
  ack: Signed<ViewChangeAck>,
): boolean {
  const { view, of } = ack.body;
  if (view !== state.view || vouches(rules, config, state, ack)) return false;
  const isReceived = receivedFrom(state, view, of) !== undefined;
  return isReceived || !vouches(rules, config, { ...state, vouchers: [] }, ack) || isKept(state, ack);
}

/** Whether it is this very ack that is kept. */
function isKept({ vouchers }: MacState, { signer, body: { of, said } }: Signed<ViewChangeAck>): boolean {
  return vouchers.some((one) => one.of === of && one.by === signer && equal(one.said, said));
}
