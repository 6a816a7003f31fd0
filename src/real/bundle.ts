// Bundles a file and all its imports into one script, with esbuild. `#private` fields become WeakMaps, which
// the realm can inspect. Modules of Node are replaced by the realm's own; those that reach outside are
// refused when they are used.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { builtinModules, createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Plugin } from "esbuild";
import { UserError } from "../model/errors.js";
import type { Sight } from "./sight/levels.js";

/** A script that leaves `turncoatInside` in the realm in which it runs. */
export interface Bundle {
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map: string;
  /** How far into objects its state is seen. Default: `graph`. */
  readonly sight?: Sight;
  /** By line of the code (from 1): what was added to it for sight, at which column (from 0), in their order. */
  readonly added?: ReadonlyMap<number, readonly { readonly at: number; readonly length: number }[]>;
  /** Directory of the file; positions in sources are relative to it. */
  readonly directory: string;
  /** SHA-256 of the code. */
  readonly digest: string;
  /** The files that are in it, but ours. */
  readonly inputs: readonly string[];
}

const insideDirectory = fileURLToPath(new URL("./inside/", import.meta.url));
const inside = (name: string) => join(insideDirectory, `${name}.js`);
const require = createRequire(import.meta.url);

/** Modules of Node that exist inside the realm, as what stands in their place. */
const offered: { readonly [module: string]: () => string } = {
  events: () => reexport("events/"),
  buffer: () => reexport("buffer/"),
  // Its main export is Readable; what `node:stream` exports is the old Stream, which has the others as properties.
  stream: () => reexport("readable-stream/lib/stream.js"),
  "stream/promises": () => reexport("readable-stream/lib/stream/promises.js"),
  string_decoder: () => reexport("string_decoder/"),
  path: () => reexport("path-browserify"),
  util: () =>
    `module.exports = { ...require(${JSON.stringify(require.resolve("util/"))}), TextEncoder, TextDecoder };`,
  crypto: () => `module.exports = require(${JSON.stringify(inside("crypto"))}).default;`,
  process: () => "module.exports = globalThis.process;",
  timers: () =>
    "const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;\n" +
    "module.exports = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };",
  "timers/promises": () =>
    "exports.setTimeout = (ms, value) => new Promise((resolve) => setTimeout(function sleep() { resolve(value); }, ms));\n" +
    "exports.setImmediate = (value) => new Promise((resolve) => setImmediate(() => resolve(value)));",
  perf_hooks: () => "exports.performance = globalThis.performance;",
  os: () =>
    'module.exports = { EOL: "\\n", hostname: () => "node", platform: () => "linux", cpus: () => [{}], tmpdir: () => "/tmp", homedir: () => "/" };',
  assert: () => `module.exports = require(${JSON.stringify(inside("assert"))}).assert;`,
};

function reexport(specifier: string): string {
  return `module.exports = require(${JSON.stringify(require.resolve(specifier))});`;
}

/** A module whose exports can be had, but not used. */
function refusal(module: string): string {
  const loaded = require(module) as Record<string, unknown>;
  const from = `const { refused } = require(${JSON.stringify(inside("refuse"))});`;
  const names = Object.keys(loaded).filter((name) => name !== "default");
  const lines = names.map((name) => {
    const [key, value] = [JSON.stringify(name), loaded[name]];
    if (typeof value === "object" && value !== null && name === "promises")
      return `exports[${key}] = require(${JSON.stringify(`${module}/promises`)});`;
    return typeof value === "function"
      ? `exports[${key}] = refused(${JSON.stringify(module)}, ${key});`
      : `exports[${key}] = ${typeof value === "object" ? "{}" : (JSON.stringify(value) ?? "undefined")};`;
  });
  return [from, ...lines].join("\n");
}

/** Marks what is imported by what stands in for Node's modules; and that, while esbuild is asked where it is. */
const [ours, resolved] = [Symbol("ours"), Symbol("resolved")];

/** Gives the realm's modules instead of Node's. */
const modules: Plugin = {
  name: "turncoat-realm",
  setup(build) {
    build.onResolve({ filter: /^turncoat\/real$/ }, () => ({
      path: fileURLToPath(new URL("./definition.js", import.meta.url)),
    }));
    build.onResolve({ filter: /^turncoat(\/|$)/ }, ({ path }) => ({
      errors: [
        {
          text: `${path} cannot be imported inside the realm, only turncoat/real can: put properties of your own into a module of their own`,
        },
      ],
    }));
    build.onResolve({ filter: /^(node:)?[a-z_0-9]+(\/[a-z_]+)?$/ }, ({ path }) => {
      const name = path.replace(/^node:/, "");
      if (!builtinModules.includes(name)) return undefined;
      return { path: name, namespace: "turncoat-node" };
    });
    // What stands in for Node's modules is a copy of its own, even of packages that the user's code has, too. If they shared one, a
    // package that needs a module of Node could be needed by what stands in for it (`inherits` and `util`): a circle that Node does not have.
    build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...asked }) => {
      if (pluginData !== ours) return undefined;
      const found = await build.resolve(path, { ...asked, pluginData: resolved });
      const theirs =
        found.errors.length === 0 && found.namespace === "file" && !found.path.startsWith(insideDirectory);
      return theirs ? { ...found, suffix: "?node", pluginData: ours } : { ...found, pluginData: undefined };
    });
    build.onLoad({ filter: /\.[cm]?js$/ }, async ({ path, pluginData }) =>
      pluginData === ours
        ? { contents: await readFile(path, "utf8"), resolveDir: dirname(path), pluginData }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "turncoat-node" }, ({ path }) => ({
      contents: offered[path]?.() ?? refusal(path),
      resolveDir: dirname(fileURLToPath(import.meta.url)),
      pluginData: ours,
    }));
    build.onLoad({ filter: /\.node$/ }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(inside("refuse"))}).refused(${JSON.stringify(`the native add-on ${basename(path)}`)}, "");`,
    }));
  },
};

/**
 * Bundles a file for the realm.
 *
 * @throws {UserError} `bad-module` with every error of esbuild, file and line.
 */
export async function bundle(file: string): Promise<Bundle> {
  const { build } = await import("esbuild");
  const directory = dirname(file);
  const options = { ...optionsFor(file), absWorkingDir: directory, plugins: [modules] };
  const { outputFiles, metafile } = await build(options).catch((error: unknown) => {
    throw withPlaces(error, file);
  });
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))!.text;
  const code = namePrivateMembers(text(".js"));
  const inputs = Object.keys(metafile.inputs).filter((input) => !input.startsWith("turncoat-node:"));
  return {
    ...{ code, map: text(".map"), directory, inputs },
    digest: createHash("sha256").update(code).digest("hex"),
  };
}

/** One script for the realm, and its source map. The realm's globals are put in place before the file is loaded. */
function optionsFor(file: string) {
  const contents =
    `import ${JSON.stringify(inside("weak"))};\n` +
    `import ${JSON.stringify(inside("globals"))};\n` +
    `import { accept } from ${JSON.stringify(inside("main"))};\n` +
    `import * as loaded from ${JSON.stringify(file)};\n` +
    "accept(loaded);\n";
  return {
    stdin: { contents, resolveDir: dirname(file) },
    outfile: "realm.js",
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    platform: "node",
    target: "es2021",
    supported: { "dynamic-import": false },
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
  } as const;
}

/** An error of esbuild with file and line of each; any other one as it is. */
function withPlaces(error: unknown, file: string): unknown {
  const { errors = [] } = error as Partial<BuildFailure>;
  if (errors.length === 0) return error;
  const lines = errors.map(({ text, location }) =>
    location ? `${location.file}:${location.line}: ${text}` : text,
  );
  return new UserError("bad-module", `${relative(".", file)} could not be bundled: ${lines.join("; ")}`);
}

/** esbuild calls the WeakMap of a private field by its name, but the map itself does not know it. */
function namePrivateMembers(code: string): string {
  return code.replaceAll(
    /\b(_[\w$]+) = (?:\/\* @__PURE__ \*\/ )?new (WeakMap|WeakSet)\(\)/g,
    (_, name: string, kind: string) => `${name} = /* @__PURE__ */ new ${kind}("${name}")`,
  );
}
