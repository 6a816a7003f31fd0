// `turncoat list`: the names of protocols, mutants, adversaries and properties.

import type { Command } from "commander";
import { genericAdversaries } from "../../adversaries/generic/index.js";
import {
  builtinProperties,
  builtinPuppets,
  builtins,
  combinations,
  type Entry,
  findProtocol,
  isPath,
  pbftAdversaries,
} from "../catalogue/index.js";
import { didYouMean } from "../model/did-you-mean.js";
import { networks } from "../model/network.js";
import { visibleText } from "../model/visible-text.js";
import { ownTable } from "../parameters/own.js";
import { wordsOf } from "../protocol/index.js";
import { paintFor } from "../render/paint.js";
import { printJson } from "./print-json.js";
import { say } from "./say.js";

/** The kinds of names. */
export const kinds = ["protocols", "mutants", "adversaries", "puppets", "properties", "networks"] as const;
type Kind = (typeof kinds)[number];

interface Item {
  readonly name: string;
  readonly summary: string;
}

export function addList(command: Command): void {
  command
    .argument(
      "[kind]",
      `one of ${kinds.join(", ")} (default: all); or a module: what ./my-protocol.ts has of its own`,
    )
    .option("--json", "one JSON document on standard output")
    .action(async (kind: string | undefined, options: { readonly json?: boolean }) => {
      if (kind !== undefined && isPath(kind)) {
        const own = ownItems(await findProtocol(kind));
        if (options.json) printJson(own);
        else printItems(own);
        return;
      }
      if (kind !== undefined && !kinds.includes(kind as Kind))
        command.error(
          `error: there is nothing called "${kind}" to list. ${didYouMean(kind, kinds)}There are: ${kinds.join(", ")}.`,
          {
            exitCode: 2,
          },
        );
      const shown = kind === undefined ? kinds : [kind as Kind];
      if (options.json) printJson(Object.fromEntries(shown.map((k) => [k, items(k)])));
      else print(shown);
    });
}

function print(shown: readonly Kind[]): void {
  printItems(Object.fromEntries(shown.map((kind) => [kind, items(kind)])));
}

function printItems(lists: { readonly [kind: string]: readonly Item[] }): void {
  const paint = paintFor(process.stdout.isTTY === true);
  for (const [kind, list] of Object.entries(lists)) {
    if (list.length === 0) continue;
    console.log(paint.bold(kind));
    const width = Math.max(...list.map(({ name }) => name.length));
    for (const { name, summary } of list)
      say(visibleText(`  ${name.padEnd(width)}  ${summary}`.trimEnd()), paint, width + 4);
  }
}

/** What a module adds to the built-in names. */
function ownItems({ name, protocol, ownMutants = [], adversaries, properties }: Entry) {
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

function items(kind: Kind): Item[] {
  switch (kind) {
    case "protocols":
      return builtins
        .filter(({ mutant }) => !mutant)
        .map(({ name, protocol }) => ({ name, summary: protocol.summary }));
    case "mutants":
      return builtins.flatMap(({ mutant }) =>
        mutant
          ? [
              {
                name: mutant.name,
                summary: `${mutant.flaw} (breaks ${mutant.exposedBy.property}; ${mutant.source})`,
              },
            ]
          : [],
      );
    case "adversaries":
      return [...pbftAdversaries.map(({ name, summary }) => ({ name, summary })), ...combinations];
    case "puppets":
      return builtinPuppets.map(({ name, summary }) => ({ name, summary }));
    case "properties":
      return builtinProperties.map(({ name, kind: when, summary }) => ({
        name,
        summary: `${when}: ${summary}`,
      }));
    case "networks":
      return [...networks];
  }
}
