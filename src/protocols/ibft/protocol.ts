// Istanbul BFT as a `Protocol`, for one instance: rounds with rotating proposers, one decision.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { ibftRules } from "./rules.js";

/** Istanbul BFT with these rules. */
export function ibft(
  rules = ibftRules,
  name = "ibft",
  summary = "one instance of Istanbul BFT, with justified round changes",
): Protocol<Message, string> {
  return uniform({
    name,
    summary,
    promises: "termination",
    message: Message,
    behaviour: replica(rules),
    primary: primaryOf,
  });
}
