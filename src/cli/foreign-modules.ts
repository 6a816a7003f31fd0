// Files that name code. A trace, a checkpoint and a report of a campaign name their protocol, and a protocol that is a module is run when they are.
// So that nobody runs code by looking at a file that came from elsewhere, the module has to lie below the working
// directory and not among installed packages; or `--allow-module` says that it is meant.

import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import type { Command } from "commander";
import { isPath, moduleFile } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";

/** The option of commands that take such files. */
export interface ModuleOptions {
  readonly allowModule?: boolean;
}

/** Adds the option. */
export function withModuleOption(command: Command): Command {
  return command.option(
    "--allow-module",
    "run the module that a file names although it lies outside the working directory",
  );
}

/** @throws {UserError} `bad-module` if `file` names a protocol that is code from elsewhere, and that is not allowed. */
export function refuseForeignModule(file: string, protocol: string, { allowModule }: ModuleOptions): void {
  if (allowModule || !isPath(protocol) || isOfProject(protocol)) return;
  throw new UserError(
    "bad-module",
    `${file} names code outside of the working directory: ${JSON.stringify(protocol)} would be run. ` +
      "If you trust it, say so with --allow-module.",
  );
}

function isOfProject(path: string): boolean {
  let module: string;
  try {
    module = realpathSync(moduleFile(path));
  } catch {
    return true; // there is nothing that could be run
  }
  const parts = relative(realpathSync("."), module).split(sep);
  return parts[0] !== ".." && !parts.includes("node_modules");
}
