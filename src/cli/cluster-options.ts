// The options of a cluster: those of simulations that make sense in real time.

import type { Command } from "commander";
import type { ClusterOptions } from "../run/plan.js";
import { simulatedEntries } from "../simulate/parameters.js";
import { groupOf, unreadOption } from "./options.js";

const words: readonly string[] = ["replicas", "faults", "clients", "timeout", "checkpointInterval", "batch"];

/** Adds them, unread, but for those that a command has another way to say. */
export function withClusterOptions(command: Command, without: readonly string[] = []): Command {
  for (const [name, parameter, word] of simulatedEntries)
    if (words.includes(word) && !without.includes(word))
      command.addOption(unreadOption(parameter, word).helpGroup(parameter.group ?? groupOf(name)));
  return command;
}

/** Those that were given. */
export function clusterOptionsIn(options: ClusterOptions): ClusterOptions {
  return Object.fromEntries(Object.entries(options).filter(([word]) => words.includes(word)));
}
