// The options of a simulation. They stay unparsed here: `simulate/raw-options.ts` parses them for the command
// line and for sweep files.

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

/** A parser for options that can be repeated. */
export function added(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
