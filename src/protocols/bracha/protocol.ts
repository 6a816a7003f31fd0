// Bracha's reliable broadcast of one value by r0: agreement, validity, and totality (if one correct replica
// delivers, all do).

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { brachaRules, sender } from "./rules.js";

/** Reliable broadcast with these rules. */
export function bracha(
  rules = brachaRules,
  name = "bracha",
  summary = "Bracha's reliable broadcast of one value by r0",
): Protocol<Message, string> {
  return uniform({
    name,
    summary,
    promises: "totality",
    message: Message,
    behaviour: replica(rules),
    // Whatever a Byzantine sender broadcasts may be delivered: nobody else knows what it was asked to send.
    alphabet: ({ self, config }) => (self === sender ? { value: valuesOf(config) } : {}),
    interchangeable: (config) => [replicaIds(config).slice(1)],
  });
}
