// The files of a project that its suites depend on: the configuration, the modules that it names, and what
// those import.

import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isPath, moduleFile } from "../catalogue/index.js";
import { moduleParts } from "../identity/module-parts.js";
import { configFileNames, configuredSuites } from "./config.js";

/**
 * Absolute paths, each once: of the named module, or of the configuration in the working directory and the
 * modules that it names. A module that cannot be read is listed without its imports. Possible names of a
 * configuration are listed even if there is no such file yet.
 */
export async function sourceFiles(protocol: string | undefined): Promise<string[]> {
  if (protocol !== undefined) return distinct(await filesOf(protocol));
  const configs = configFileNames.map((name) => resolve(name));
  const existing = configs.filter((file) => existsSync(file));
  const suites = await configuredSuites().catch(() => null); // the check itself reports what is wrong with it
  const named = (suites ?? []).flatMap(({ requests }) => requests.map((request) => request.protocol));
  const found = await Promise.all([...new Set([...existing, ...named])].map(filesOf));
  return distinct([...configs, ...found.flat()]);
}

async function filesOf(module: string): Promise<string[]> {
  if (!isPath(module)) return [];
  const entry = moduleFile(module);
  if (!existsSync(entry)) return [entry];
  const from = dirname(realpathSync(entry));
  const parts = entry.endsWith(".json") ? {} : await moduleParts(module).catch(() => ({}));
  const local = Object.keys(parts).filter((name) => name.startsWith("."));
  return [entry, ...local.map((name) => resolve(from, name))];
}

function distinct(files: readonly string[]): string[] {
  return [...new Set(files)].sort();
}
