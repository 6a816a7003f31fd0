// The protocol of the Go exercise as a protocol under test. Without arguments it is repaired; its mutants are what the text says.

import { type Protocol, replicaIds } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import { Message } from "./messages.js";
import { node } from "./node.js";
import { repaired } from "./rules.js";

/** The exercise's protocol with these rules. */
export function goExercise(
  rules = repaired,
  name = "go-exercise",
  summary = "a Go exercise's PBFT, with its normal case repaired and its view change switched off",
): Protocol<Message, string> {
  const behaviour = node(rules);
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
