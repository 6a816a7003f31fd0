// Tendermint as a `Protocol`, for one height: rounds with rotating proposers, one decision.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { tendermintRules } from "./rules.js";

/**
 * Why liveness within bounded rounds is not guaranteed. A locked replica waits until it proposes itself, or
 * until a proposer has received its polka. The proposer of the last round waits for n-f replicas. If a
 * Byzantine one that reports no polka is among them, the locked replica may be missing, and that round fails.
 * In later rounds the protocol would recover.
 */
const hiddenLock =
  "a Byzantine replica that does more than be silent can keep an old polka from the last proposer: who is locked on it then needs a round of its own";

/** Tendermint with these rules. */
export function tendermint(
  rules = tendermintRules,
  name = "tendermint",
  summary = "one height of Tendermint, with validValue",
): Protocol<Message, string> {
  return uniform({
    name,
    summary,
    promises: "termination",
    message: Message,
    behaviour: replica(rules),
    primary: primaryOf,
    stalls: (_config, { deceives, views, unbounded = false }) =>
      deceives && views > 0 && !unbounded ? hiddenLock : null, // later there is such a round
  });
}
