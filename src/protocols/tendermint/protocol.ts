// One height of Tendermint: rounds, the proposer of each in turn, one decision.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { tendermintRules } from "./rules.js";

/**
 * A replica that is locked waits until it proposes itself, or until a proposer has heard of its polka. A Byzantine replica that tells the proposer of
 * the last round of no polka is one of the n-f that are heard, and may be the one too many; then that round comes to nothing, though not the protocol.
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
    message: Message,
    behaviour: replica(rules),
    primary: primaryOf,
    stalls: (_config, { deceives }) => (deceives ? hiddenLock : null),
  });
}
