// Fast-HotStuff as a `Protocol`: a chain of blocks, one leader a view; two certified blocks in consecutive
// views commit the first.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { fastHotstuffRules } from "./rules.js";

/** Fast-HotStuff with these rules. */
export function fastHotstuff(
  rules = fastHotstuffRules,
  name = "fast-hotstuff",
  summary = "Fast-HotStuff: a chain of blocks, committed by two in consecutive views",
): Protocol<Message, string> {
  return uniform({
    name,
    summary,
    message: Message,
    behaviour: replica(rules),
    requests: () => [], // leaders make their blocks themselves
    promises: "termination",
    primary: primaryOf,
  });
}
