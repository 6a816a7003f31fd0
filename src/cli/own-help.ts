// Help for a module of somebody's own: `turncoat check ./my-protocol.ts --help` shows what the protocol understands, too.

import type { Command } from "commander";
import { protocolIn } from "./protocol-argument.js";

/** Adds what the protocol understands to the help that is asked for, if it is that of a command with a module. */
export async function addOwnHelp(program: Command): Promise<void> {
  const [name, ...words] = process.argv.slice(2);
  if (!words.includes("--help") && !words.includes("-h")) return;
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return;
  const module = protocolIn(
    command,
    words.filter((word) => word !== "--help" && word !== "-h"),
  );
  if (module === null || !/[./]/.test(module)) return;
  const text = await ownHelp(module);
  if (text !== null) command.addHelpText("after", `\n${text}`);
}

async function ownHelp(module: string): Promise<string | null> {
  const { findProtocol, isPath } = await import("../catalogue/index.js");
  const { helpItems } = await import("./own-items.js");
  const { itemLines } = await import("../report/item-lines.js");
  const { visibleText } = await import("../model/visible-text.js");
  if (!isPath(module)) return null;
  const width = process.stdout.columns ?? 80;
  try {
    const entry = await findProtocol(module);
    const groups = Object.entries(helpItems(entry)).map(([heading, items]) =>
      itemLines(heading, items, width),
    );
    const title = visibleText(`${module}: ${entry.protocol.summary}`);
    return [[title], ...groups]
      .filter(({ length }) => length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n");
  } catch (error) {
    return visibleText(
      `${module} cannot be shown: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
