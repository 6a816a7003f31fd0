// The options that say what is simulated. Their values are read in `simulate/raw-options.ts`, in one way for the command line and for
// sweep files: here they stay as they were written.

import type { Command } from "commander";
import { simulatedEntries } from "../simulate/parameters.js";
import { groupOf, unreadOption } from "./options.js";

export function withSimulationOptions(command: Command): Command {
  for (const [name, parameter, word] of simulatedEntries) {
    if (parameter.isArgument) continue;
    const option = unreadOption(parameter, word).helpGroup(parameter.group ?? groupOf(name));
    command.addOption(parameter.kind.repeats ? option.argParser(added) : option);
  }
  return command;
}

/** For options that may be given several times. */
export function added(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
