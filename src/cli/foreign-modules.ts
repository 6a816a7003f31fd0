// Refuses to run code that a data file names. A trace, a checkpoint and a campaign report name their
// protocol; if it is a module, using the file runs that module. So that looking at a foreign file runs
// nothing, the module must be below the working directory and not in an installed package, or the user must
// pass `--allow-module`.

import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import type { Command } from "commander";
import { isPath, moduleFile } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";

/** The option of commands that read such files. */
export interface ModuleOptions {
  readonly allowModule?: boolean;
}

/** Adds the option. */
export function withModuleOption(command: Command): Command {
  return command.option(
    "--allow-module",
    "allow a file to name a module outside the working directory, and run it",
  );
}

/** @throws {UserError} `bad-module` if `file` names a module from elsewhere and `--allow-module` was not given. */
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
    return true; // the module does not exist, so nothing can run
  }
  const parts = relative(realpathSync("."), module).split(sep);
  return parts[0] !== ".." && !parts.includes("node_modules");
}
