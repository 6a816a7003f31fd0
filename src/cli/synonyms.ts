// Options that mean the same under different names: what one command calls `--time` is `--max-seconds` in another, and other tools have names
// of their own. An unknown option is answered with the name that the command has.

import type { Command } from "commander";

const synonyms: readonly (readonly string[])[] = [
  ["--time", "--max-seconds", "--timeout", "--seconds"],
  ["--workers", "--threads", "--jobs"],
  ["--replicas", "--nodes"],
  ["--adversary", "--adversaries"],
  ["--property", "--properties", "--invariant"],
];

/** Lets a command answer an unknown option with what it calls the same. */
export function knowSynonyms(command: Command): void {
  command.configureOutput({ outputError: (text, write) => write(answered(text, command)) });
}

function answered(text: string, { options }: Command): string {
  const [, unknown] = /unknown option '(--[a-z-]+)/.exec(text) ?? [];
  const same = synonyms.find((names) => names.some((name) => name === unknown)) ?? [];
  const own = same.find((name) => options.some(({ long }) => long === name));
  if (own === undefined) return text;
  const [first] = text.split("\n");
  return `${first}\n(Did you mean ${own}?)\n`;
}
