// Basic HotStuff as a `Protocol`, for one decision: views with rotating leaders.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { hotstuffRules } from "./rules.js";

/** HotStuff with these rules. */
export function hotstuff(
  rules = hotstuffRules,
  name = "hotstuff",
  summary = "one decision of basic HotStuff, in three phases",
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
