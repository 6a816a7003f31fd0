// The protocol that is named on a command line, where the command takes one.

import type { Command } from "commander";

/** The first argument of a command whose argument is a protocol; null if there is none, or the words cannot be read. */
export function protocolIn(command: Command, words: readonly string[]): string | null {
  if (!command.registeredArguments.some((argument) => /protocol/.test(argument.name()))) return null;
  // An option at the end may still lack its value, which commander would complain about.
  const end = words.findLastIndex((word) => !word.startsWith("-")) + 1;
  try {
    return command.parseOptions(words.slice(0, end)).operands[0] ?? null;
  } catch {
    return null; // an option that cannot be read: the help says how it is written
  }
}
