// `turncoat list`: the names of protocols, mutants, adversaries and properties.

import type { Command } from "commander";
import {
  builtinProperties,
  builtinPuppets,
  builtins,
  combinations,
  findProtocol,
  isPath,
  pbftAdversaries,
} from "../catalogue/index.js";
import { networks } from "../model/network.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { paintFor } from "../render/paint.js";
import { type Item, itemLines, ownItems } from "./own-items.js";
import { printJson } from "./print-json.js";

/** The kinds of names. */
export const kinds = ["protocols", "mutants", "adversaries", "puppets", "properties", "networks"] as const;
type Kind = (typeof kinds)[number];

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
    const [heading, ...lines] = itemLines(kind, list, paint.width);
    if (heading !== undefined) console.log([paint.bold(heading), ...lines].join("\n"));
  }
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
