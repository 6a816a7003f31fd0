// What a module of somebody's own adds to the built-in names: for `turncoat list FILE`, and for the help of a command
// that is given the file.

import { genericAdversaries } from "../../adversaries/generic/index.js";
import { builtinProperties, type Entry } from "../catalogue/index.js";
import type { Item } from "../catalogue/listing.js";
import { ownTable } from "../parameters/own.js";
import { wordsOf } from "../protocol/index.js";

/** What a module adds to the built-in names. */
export function ownItems({ name, protocol, ownMutants = [], adversaries, properties }: Entry) {
  const parameters = Object.entries(ownTable(protocol.ownParameters ?? {}));
  return {
    protocols: [{ name, summary: protocol.summary }],
    parameters: parameters.map(([parameter, { help, byDefault }]) => ({
      name: parameter,
      summary: `${help === "" ? "" : `${help} `}(default: ${byDefault})`,
    })),
    words: wordItems(protocol),
    rules: (protocol.rules ?? []).map((rule) => ({ name: rule, summary: "" })),
    mutants: ownMutants.map((mutant) => ({ name: mutant.name, summary: mutant.flaw })),
    adversaries: adversaries
      .filter((one) => !genericAdversaries.includes(one))
      .map((one) => ({ name: one.name, summary: one.summary })),
    properties: properties
      .filter((one) => !builtinProperties.includes(one))
      .map((one) => ({ name: one.name, summary: `${one.kind}: ${one.summary}` })),
  };
}

/** What the protocol calls its views and slots, where it does not call them so. */
function wordItems({ vocabulary }: Entry["protocol"]): Item[] {
  const words = wordsOf(vocabulary);
  return (["views", "slots"] as const).flatMap((name) => {
    const word = words[name]?.many ?? null;
    if (word === name) return [];
    return [{ name, summary: word === null ? "none" : `called ${word}: --${word}` }];
  });
}

/** The same for the help of a command: as it is written on the command line. */
export function helpItems(entry: Entry): { readonly [heading: string]: readonly Item[] } {
  const { parameters, mutants, adversaries, properties } = ownItems(entry);
  const others = (all: readonly { readonly name: string }[], own: readonly Item[]) =>
    all.map(({ name }) => name).filter((name) => own.every((one) => one.name !== name));
  const alsoOf = (names: readonly string[]) =>
    names.length > 0 ? [{ name: "also", summary: names.join(", ") }] : [];
  return {
    "Its parameters (--set):": parameters.map(({ name, summary }) => ({ name: `${name}=<value>`, summary })),
    "Its words:": wordsInHelp(entry.protocol),
    "Its mutants:": mutants,
    "Its adversaries (--adversary):": [...adversaries, ...alsoOf(others(entry.adversaries, adversaries))],
    "Its properties (--property):": [...properties, ...alsoOf(others(entry.properties, properties))],
  };
}

function wordsInHelp({ vocabulary }: Entry["protocol"]): Item[] {
  const words = wordsOf(vocabulary);
  return (["views", "slots"] as const).flatMap((name) => {
    const word = words[name];
    if (word?.many === name) return [];
    const value = name === "views" ? "v" : "s";
    return word === null
      ? [{ name: `no --${name}`, summary: `it has no ${name}` }]
      : [{ name: `--${word.many} <${value}>`, summary: `the same as --${name}` }];
  });
}
