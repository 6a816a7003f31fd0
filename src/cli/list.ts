// `turncoat list`: the names of protocols, mutants, adversaries and properties.

import type { Command } from "commander";
import { type Item, listing } from "../catalogue/listing.js";
import { isPath } from "../catalogue/path.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { paintFor } from "../render/paint.js";
import { itemLines } from "../report/item-lines.js";
import { printJson } from "./print-json.js";

type Kind = keyof typeof listing;

/** The kinds of names. */
export const kinds = Object.keys(listing) as readonly Kind[];

export function addList(command: Command): void {
  command
    .argument(
      "[kind]",
      `one of ${kinds.join(", ")} (default: all); or a module: what ./my-protocol.ts has of its own`,
    )
    .option("--json", "one JSON document on standard output")
    .action(async (kind: string | undefined, options: { readonly json?: boolean }) => {
      if (kind !== undefined && isPath(kind)) {
        const own = await itemsOfModule(kind);
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
      if (options.json) printJson(Object.fromEntries(shown.map((k) => [k, listing[k]])));
      else print(shown);
    });
}

function print(shown: readonly Kind[]): void {
  printItems(Object.fromEntries(shown.map((kind) => [kind, listing[kind]])));
}

function printItems(lists: { readonly [kind: string]: readonly Item[] }): void {
  const paint = paintFor(process.stdout.isTTY === true);
  for (const [kind, list] of Object.entries(lists)) {
    const [heading, ...lines] = itemLines(kind, list, paint.width);
    if (heading !== undefined) console.log([paint.bold(heading), ...lines].join("\n"));
  }
}

/** What a module has of its own. */
async function itemsOfModule(path: string): Promise<{ readonly [kind: string]: readonly Item[] }> {
  const { findProtocol } = await import("../catalogue/index.js");
  const { ownItems } = await import("./own-items.js");
  return ownItems(await findProtocol(path));
}
