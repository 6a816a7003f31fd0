// The words of the protocol that stands on a command line: `--epochs` where its views are called epochs, and the parameters that `--set`
// takes. The scripts for the shells ask for them, since a module's words are known only once it is loaded.

import type { Command } from "commander";
import { findProtocol } from "../../catalogue/index.js";
import { ownTable } from "../../parameters/own.js";
import { wordsOf } from "../../protocol/index.js";
import { protocolIn } from "../protocol-argument.js";

/**
 * The options and then the assignments, `name=`, of the protocol on this line; nothing if there is none, or it cannot be loaded: nobody
 * wants to read an error while completing a word. What a shell would read as more than a word is left out.
 */
export async function ownWordsOf(program: Command, line: readonly string[]): Promise<readonly string[]> {
  const [name, ...words] = line;
  const command = program.commands.find((one) => one.name() === name);
  const protocol = command && protocolIn(command, words);
  if (!protocol) return [];
  try {
    const { vocabulary, ownParameters = {} } = (await findProtocol(protocol)).protocol;
    const { views, slots } = wordsOf(vocabulary);
    const flags = [views, slots].flatMap((word) => (word === null ? [] : [`--${word.many}`]));
    const all = command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
    const own = flags.filter((flag) => !all.includes(flag));
    return [...own, ...Object.keys(ownTable(ownParameters)).map((parameter) => `${parameter}=`)].filter(
      (word) => /^[\w-]+=?$/.test(word),
    );
  } catch {
    return [];
  }
}
