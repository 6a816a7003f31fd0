// One height of Tendermint: rounds, the proposer of each in turn, one decision.

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../turns.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { tendermintRules } from "./rules.js";

/** Tendermint with these rules. */
export function tendermint(
  rules = tendermintRules,
  name = "tendermint",
  summary = "one height of Tendermint, with validValue",
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
