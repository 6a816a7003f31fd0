// The options of a cluster: those of simulations that make sense in real time.

import type { Command } from "commander";
import type { ClusterOptions } from "../run/plan.js";
import { simulatedEntries } from "../simulate/parameters.js";
import { groupOf, unreadOption } from "./options.js";
import { added } from "./simulate-options.js";

const words: readonly (keyof ClusterOptions)[] = [
  ...([
    "replicas",
    "faults",
    "clients",
    "requests",
    "timeout",
    "checkpointInterval",
    "batch",
    "pipeline",
    "window",
    "set",
  ] as const),
];

/** Adds them, unread, but for those that a command has another way to say. */
export function withClusterOptions(
  command: Command,
  without: readonly (keyof ClusterOptions)[] = [],
): Command {
  for (const [name, parameter, word] of simulatedEntries)
    if (isOne(word) && !without.includes(word)) {
      const option = unreadOption(parameter, word).helpGroup(parameter.group ?? groupOf(name));
      command.addOption(parameter.kind.repeats ? option.argParser(added) : option);
    }
  return command;
}

/** Those that were given. */
export function clusterOptionsIn(options: ClusterOptions): ClusterOptions {
  return Object.fromEntries(Object.entries(options).filter(([word]) => isOne(word)));
}

function isOne(word: string): word is keyof ClusterOptions {
  return (words as readonly string[]).includes(word);
}
