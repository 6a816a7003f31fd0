// The protocol of the Go exercise as a `Protocol`. Without arguments it is repaired; its mutants are the text
// as written.

import type { Protocol } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { uniform } from "../uniform.js";
import { Message } from "./messages.js";
import { node } from "./node.js";
import { repaired } from "./rules.js";

/** The exercise's protocol with these rules. */
export function goExercise(
  rules = repaired,
  name = "go-exercise",
  summary = "a Go exercise's PBFT, with its normal case repaired and its view change switched off",
): Protocol<Message, string> {
  return uniform({
    name,
    summary,
    message: Message,
    behaviour: node(rules),
    primary: primaryOf,
    stalls: (config, { byzantine }) =>
      rules.changesView() || !byzantine.includes(primaryOf(config, 0))
        ? null
        : `the view change of ${name} is switched off, so nobody takes over from the faulty primary ${primaryOf(config, 0)}`,
  });
}
