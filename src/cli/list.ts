// `turncoat list`: what there is to name.

import type { Command } from "commander";
import {
  builtinProperties,
  builtinPuppets,
  builtins,
  combinations,
  pbftAdversaries,
} from "../catalogue/index.js";
import { didYouMean } from "../model/did-you-mean.js";
import { networks } from "../model/network.js";
import { paintFor } from "../render/paint.js";
import { printJson } from "./print-json.js";

/** What can be listed. */
export const kinds = ["protocols", "mutants", "adversaries", "puppets", "properties", "networks"] as const;
type Kind = (typeof kinds)[number];

interface Item {
  readonly name: string;
  readonly summary: string;
}

export function addList(program: Command): void {
  program
    .command("list")
    .description(
      "list the protocols, mutants, adversaries, puppets (the adversaries of simulations), properties and networks",
    )
    .argument("[kind]", `one of ${kinds.join(", ")} (default: all)`)
    .option("--json", "one JSON document on standard output")
    .action((kind: string | undefined, options: { readonly json?: boolean }) => {
      if (kind !== undefined && !kinds.includes(kind as Kind))
        program.error(
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
  const paint = paintFor(process.stdout.isTTY === true);
  for (const kind of shown) {
    console.log(paint.bold(kind));
    const width = Math.max(...items(kind).map(({ name }) => name.length));
    for (const { name, summary } of items(kind)) console.log(`  ${name.padEnd(width)}  ${summary}`);
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
