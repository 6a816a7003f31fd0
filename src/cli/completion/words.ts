// The words that can stand at each place of the command line, taken from the definitions of the commands. The
// scripts for the shells are generated from them.

import type { Command, Option } from "commander";
import { builtinProperties, builtins } from "../../catalogue/index.js";
import { networks } from "../../model/network.js";
import { kinds } from "../list.js";

/**
 * The kinds of words: one of some names, several names with commas, a file, a directory, assignments to the parameters of the protocol on
 * the line (see own-words.ts), or free text.
 */
export type Completed =
  | { readonly kind: "names"; readonly names: readonly string[]; readonly orFile: boolean }
  | { readonly kind: "list"; readonly names: readonly string[] }
  | { readonly kind: "file" | "directory" | "assignments" | "text" };

export interface CompletedOption {
  /** The flag: `--suite`. */
  readonly flag: string;
  readonly description: string;
  /** Null for a switch. */
  readonly value: Completed | null;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Null if it takes no argument. */
  readonly argument: Completed | null;
  /** Whether that is a protocol, which may have words of its own. */
  readonly takesProtocol: boolean;
}

/** All commands. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      description: plain(command.description()),
      options: [
        ...command.options.filter(({ hidden, long }) => !hidden && long).map(optionOf),
        { flag: "--help", description: "show what there is", value: null },
      ],
      argument: argument ? argumentOf(argument.name(), argument.argChoices) : null,
      takesProtocol: command.registeredArguments.some((one) => /protocol/.test(one.name())),
    };
  });
}

function optionOf(option: Option): CompletedOption {
  const { long, description, argChoices, flags } = option;
  const isSwitch = !option.required && !option.optional;
  return {
    flag: long!,
    description: plain(description),
    value: isSwitch ? null : valueAt(flags, long!, argChoices),
  };
}

/** The kind of a value, by its placeholder in the help. */
function valueAt(flags: string, long: string, choices: readonly string[] | undefined): Completed {
  if (choices) return { kind: "names", names: choices, orFile: false };
  const named = lists[long];
  if (named) return { kind: "list", names: distinct(named()) };
  if (long === "--set") return { kind: "assignments" };
  if (long === "--network") return { kind: "names", names: networkNames(), orFile: false };
  const placeholder = /<([^>]+)>/.exec(flags)?.[1] ?? "";
  if (/^files?$/.test(placeholder)) return { kind: "file" };
  return placeholder === "dir" ? { kind: "directory" } : { kind: "text" };
}

const lists: { readonly [flag: string]: () => readonly string[] } = {
  "--adversary": () => [
    "all",
    "none",
    ...builtins.flatMap(({ adversaries }) => adversaries.map(({ name }) => name)),
  ],
  "--property": () => builtinProperties.map(({ name }) => name),
  "--reduce": () => [
    "visible-steps",
    "dominance",
    "sleep-sets",
    "dead-messages",
    "symmetry",
    "no-tallies",
    "none",
  ],
};

/** The names without a number in them. */
function networkNames(): string[] {
  return networks.map(({ name }) => name).filter((name) => /^[a-z-]+$/.test(name));
}

function argumentOf(name: string, choices: readonly string[] | undefined): Completed {
  if (choices) return { kind: "names", names: choices, orFile: false };
  if (name === "protocol") return { kind: "names", names: builtins.map((one) => one.name), orFile: true };
  if (name === "kind") return { kind: "names", names: kinds, orFile: false };
  if (/^files?$/.test(name)) return { kind: "file" };
  return name === "directory" ? { kind: "directory" } : { kind: "text" };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** A help text as one short line, without characters that are special in a shell. */
function plain(text: string): string {
  const short = text.replaceAll(/\s+/g, " ").replaceAll(/["'`$\\[\]:]/g, "");
  return short.length > 80 ? `${short.slice(0, 77)}...` : short;
}
