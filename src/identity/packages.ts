// Installed packages: where one lies that a file imports, its version, and those that it depends on.

import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle/own-code.js";

/** A package as it is installed. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** With links resolved. */
  readonly directory: string;
  /** Names of those that it may import. */
  readonly dependencies: readonly string[];
}

/** `effect/Schema` -> `effect`, `@scope/a/b` -> `@scope/a`. */
export function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The package that a file in this directory gets by that name, as Node looks for it; null if there is none. */
export function installed(name: string, from: string): Installed | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const found = readPackage(join(directory, "node_modules", name));
    if (found) return { name, ...found };
    if (dirname(directory) === directory) return null;
  }
}

function readPackage(directory: string): Omit<Installed, "name"> | null {
  try {
    const text = readFileSync(join(directory, "package.json"), "utf8");
    const { version, dependencies, peerDependencies, optionalDependencies } = JSON.parse(text);
    const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    return { version: `${version}`, directory: realpathSync(directory), dependencies: names };
  } catch {
    return null;
  }
}

/** Whether this was installed, and not linked to from a directory of the same project (a workspace). */
export function isFromRegistry({ directory }: Installed): boolean {
  return directory.split(sep).includes("node_modules");
}

/** The versions of these packages and of all that they depend on; several of one name with a comma. */
export function versionsOf(packages: readonly Installed[]): { [name: string]: string } {
  const seen = new Map<string, Installed>();
  const queue = [...packages];
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (seen.has(one.directory)) continue;
    seen.set(one.directory, one);
    for (const name of one.dependencies)
      queue.push(...[installed(name, one.directory)].filter((next) => next !== null));
  }
  const byName = new Map<string, Set<string>>();
  for (const { name, version } of seen.values())
    byName.set(name, (byName.get(name) ?? new Set()).add(version));
  return Object.fromEntries([...byName].map(([name, versions]) => [name, [...versions].sort().join(", ")]));
}

const here = dirname(fileURLToPath(import.meta.url));

/** Our own copy of a package: the one that modules in TypeScript are given. */
export function ownPackage(name: string): Installed | null {
  return installed(name, here);
}

/** The versions of what built-in protocols and the search are made with. */
export function ownPackages(): { readonly [name: string]: string } {
  if (bundle !== null) return bundle.packages;
  const packages = ["effect", "pure-rand", "ts-pattern"].map(ownPackage).filter((one) => one !== null);
  return Object.fromEntries(packages.map(({ name, version }) => [name, version]));
}
