// Names of modules: a protocol that is not built in is named by the path of its file.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether a name is the path of a module, and not that of a built-in protocol. */
export function isPath(name: string): boolean {
  return /^(\.|\/|file:)/.test(name) || /\.[cm]?[jt]s$/.test(splitModuleName(name)[0]);
}

/** `./vote.ts/two-votes` is the mutant `two-votes` of the module `./vote.ts`. */
export function splitModuleName(name: string): readonly [module: string, mutant: string | null] {
  const [, module, mutant] = /^(.+\.[cm]?[jt]s)\/([^/]+)$/.exec(name) ?? [];
  if (module === undefined || mutant === undefined || /\.[cm]?[jt]s$/.test(mutant)) return [name, null];
  return [module, mutant];
}

/** The file that a path or a `file:` URL names, that of a mutant's module included. */
export function moduleFile(name: string): string {
  const [path] = splitModuleName(name);
  return path.startsWith("file:") ? fileURLToPath(path) : resolve(path);
}
