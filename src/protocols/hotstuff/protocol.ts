// One decision of basic HotStuff: views, the leader of each in turn.

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { hotstuffRules } from "./rules.js";

/** HotStuff with these rules. */
export function hotstuff(
  rules = hotstuffRules,
  name = "hotstuff",
  summary = "one decision of basic HotStuff, in three phases",
): Protocol<Message, string> {
  const behaviour = replica(rules);
  return {
    name,
    summary,
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: valuesOf,
    digest: (value) => value,
    primary: primaryOf,
  };
}
