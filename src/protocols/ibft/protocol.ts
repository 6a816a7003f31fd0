// One instance of Istanbul BFT: rounds, the proposer of each in turn, one decision.

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { ibftRules } from "./rules.js";

/** Istanbul BFT with these rules. */
export function ibft(
  rules = ibftRules,
  name = "ibft",
  summary = "one instance of Istanbul BFT, with justified round changes",
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
