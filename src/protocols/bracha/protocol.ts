// Bracha's reliable broadcast of one value by r0: agreement, validity, and totality (if one correct replica delivers, all do).

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { brachaRules } from "./rules.js";

/** Reliable broadcast with these rules. */
export function bracha(
  rules = brachaRules,
  name = "bracha",
  summary = "Bracha's reliable broadcast of one value by r0",
): Protocol<Message, string> {
  const behaviour = replica(rules);
  return {
    name,
    summary,
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: valuesOf,
    digest: (value) => value,
    interchangeable: (config) => [replicaIds(config).slice(1)],
  };
}
