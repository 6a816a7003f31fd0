// What a user's module is made of: the module, the local files that it imports, directly or through others, and the versions of the
// packages that these import. esbuild follows the imports (TypeScript, JSON, packages of the same workspace); it starts for modules only. Not
// seen: an import whose path is computed, files that are read while running, and packages whose files were changed by hand.

import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, relative, sep } from "node:path";
import type { Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { moduleFile } from "../catalogue/index.js";
import {
  type Installed,
  installed,
  isFromRegistry,
  ownPackage,
  packageName,
  versionsOf,
} from "./packages.js";
import type { Parts } from "./parts.js";

const loaders: { readonly [extension: string]: Loader } = {
  ...{ ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx" },
  ...{ ".js": "js", ".mjs": "js", ".cjs": "js", ".jsx": "jsx", ".json": "json" },
};

/** Follows the imports of a module that is named by its path. What goes wrong is thrown. */
export async function moduleParts(path: string): Promise<Parts> {
  const entry = realpathSync(moduleFile(path));
  const { build } = await import("esbuild");
  const found = new Imports(entry);
  await build({
    entryPoints: [entry],
    plugins: [found.plugin],
    ...{ bundle: true, write: false, platform: "node", format: "esm", logLevel: "silent" },
  });
  return found.parts();
}

/** Collects what esbuild comes to. */
class Imports {
  readonly #entry: string;
  readonly #isTypeScript: boolean;
  readonly #files = new Map<string, string>();
  readonly #packages: Installed[] = [];
  readonly #missing = new Set<string>();
  readonly plugin: Plugin;

  constructor(entry: string) {
    this.#entry = entry;
    this.#isTypeScript = !/\.[cm]?js$/.test(entry);
    this.plugin = {
      name: "identity",
      setup: (build) => {
        build.onResolve({ filter: /.*/ }, (args) => this.#resolve(args, build));
        build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => this.#load(path));
      },
    };
  }

  async #resolve(args: OnResolveArgs, build: PluginBuild): Promise<OnResolveResult | undefined> {
    const { path, kind, resolveDir, importer, pluginData } = args;
    if (kind === "entry-point" || pluginData === resolving) return undefined;
    if (isBuiltin(path)) return { path, external: true };
    if (!/^[./#]/.test(path)) {
      const name = packageName(path);
      if (name === "turncoat") return { path, external: true }; // always a part
      const own = name === "effect" && this.#isTypeScript ? ownPackage(name) : null; // as the catalogue loads it
      const found = own ?? installed(name, resolveDir);
      if (found && isFromRegistry(found)) {
        this.#packages.push(found);
        return { path, external: true };
      }
    }
    const resolved = await build.resolve(path, { kind, resolveDir, importer, pluginData: resolving });
    if (resolved.errors.length === 0) return resolved;
    this.#missing.add(path); // whether it is needed turns out when the module is loaded
    return { path, external: true };
  }

  #load(path: string) {
    const contents = readFileSync(path);
    this.#files.set(path, createHash("sha256").update(contents).digest("hex").slice(0, 16));
    const loader = loaders[extname(path)];
    return loader ? { contents, loader } : { contents: "", loader: "empty" as const };
  }

  parts(): Parts {
    const from = dirname(this.#entry);
    const files = [...this.#files].map(([file, digest]) => [localName(from, file), digest]);
    const missing = [...this.#missing].map((name) => [name, "not found"]);
    return Object.fromEntries([...missing, ...Object.entries(versionsOf(this.#packages)), ...files]);
  }
}

/** Marks what we ask esbuild ourselves. */
const resolving = Symbol("resolving");

function localName(from: string, file: string): string {
  const name = relative(from, file).replaceAll(sep, "/");
  return name.startsWith(".") ? name : `./${name}`;
}
