// Loads an entry of the catalogue by name or path. A user's module adds its own protocol, adversaries,
// puppets and properties.

import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { genericAdversaries } from "../../adversaries/generic/index.js";
import { compiledOnTheFly } from "../bundle/original-place.js";
import { bundle, bundleDirectory } from "../bundle/own-code.js";
import { liarOf } from "../liar/adversary.js";
import { mostFaults } from "../model/contract.js";
import { UserError } from "../model/errors.js";
import { thrownText, userFrames } from "../model/user-frames.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import { exportedProblem } from "../protocol/exported-parts.js";
import {
  type Adversary,
  type Json,
  type Property,
  type Protocol,
  type Puppet,
  wordsOf,
} from "../protocol/index.js";
import type { RealProtocol } from "../real/protocol.js";
import { remember } from "./declared.js";
import type { Defaults, Entry } from "./entry.js";
import { mutantsIn } from "./mutants.js";
import { pick } from "./names.js";
import { isPath, moduleFile, splitModuleName } from "./path.js";
import { builtinProperties, builtinPuppets, builtins } from "./registry.js";
/**
 * Finds a protocol by name, or loads it from a path. A module exports its protocol as `default` or as
 * `protocol`, and may export arrays `adversaries`, `puppets` and `properties` of its own; the generic
 * adversaries, the built-in puppets and the built-in properties are always there.
 *
 * ```ts
 * (await findProtocol("pbft/quorum-2f")).original // => "pbft"
 * ```
 * @throws {UserError} if there is no such protocol, with the names that there are.
 */
export async function findProtocol(name: string): Promise<Entry> {
  const found = builtins.find((candidate) => candidate.name === name);
  if (found) return found;
  if (!isPath(name)) {
    const path = [".ts", ".js"].map((ending) => `./${name}${ending}`).find((file) => isFile(resolve(file)));
    if (path !== undefined)
      throw new UserError("bad-option", `There is no protocol named "${name}". Did you mean ${path}?`);
    const family = name.slice(0, Math.max(0, name.indexOf("/")));
    const known = builtins.map((candidate) => candidate.name);
    const isNear = (other: string) => (family === "" ? !other.includes("/") : other.startsWith(`${family}/`));
    const near = known.filter(isNear);
    const names = near.length > 0 ? `Built-in are: ${near.join(", ")}. ` : "";
    throw new UserError(
      "bad-option",
      `There is no protocol named "${name}". ${didYouMean(name, known)}${names}turncoat list tells all. A module of your own is named by its path, as in ./my-protocol.ts.`,
    );
  }
  return loadModule(name);
}

/** The correct form of a mutant, whether built in or of a user's module; null for what is no mutant. @throws {UserError} as {@link findProtocol} does. */
export async function correctFormOf(name: string): Promise<Protocol<Json, Json> | null> {
  const { original } = await findProtocol(name);
  return original === null ? null : (await findProtocol(original)).protocol;
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // no name that a file could have
  }
}

async function loadModule(name: string): Promise<Entry> {
  const [path, mutant] = splitModuleName(name);
  const file = moduleFile(path);
  if (!isFile(file)) throw new UserError("bad-module", `There is no file ${path}.`);
  const { isRealFile, loadReal } = await import("../real/load.js");
  if (isRealFile(file)) {
    if (mutant !== null) throw new UserError("bad-option", `${path} has no mutants: it describes a class.`);
    return realEntry(await loadReal(file, path), path);
  }
  return moduleEntry(await importModule(file, path), path, mutant);
}

/** The entry of a module that is loaded; `path` is what it is called. @throws {UserError} `bad-module` if it exports no protocol. */
export function moduleEntry(
  loaded: Record<string, unknown>,
  path: string,
  mutant: string | null = null,
): Entry {
  const protocol = (loaded.protocol ?? loaded.default) as Protocol<Json, Json> | undefined;
  const functions = ["nodes", "requests", "digest"] as const;
  if (typeof protocol !== "object" || !protocol || typeof protocol.name !== "string" || !protocol.message)
    throw new UserError(
      "bad-module",
      `${path} must export a protocol as default (an object with name, message, nodes, ...).`,
    );
  for (const name of functions)
    if (typeof protocol[name] !== "function")
      throw new UserError("bad-module", `The protocol in ${path} has no function \`${name}\`.`);
  refuseDeclarations(protocol, path);
  const own = list<Property>(loaded, "properties", path);
  const mutants = mutantsIn(loaded.mutants, protocol, path);
  const entry: Entry = {
    name: path,
    protocol,
    adversaries: adversariesIn(loaded, protocol, path),
    puppets: [...builtinPuppets, ...list<Puppet<Json>>(loaded, "puppets", path)],
    properties: [...builtinProperties, ...own],
    defaultProperties: [...builtinDefaults(protocol), ...own.map(({ name }) => name)],
    mutant: null,
    original: null,
    ownMutants: mutants,
    ...(protocol.isSpecification && { defaults: ofSpecifications }),
  };
  remember(entry);
  if (mutant === null) return entry;
  const found = pick("mutant", `${path}/${mutant}`, mutants);
  const adversaries = adversariesIn(loaded, found.protocol, path);
  const ofMutant = { name: found.name, protocol: found.protocol, adversaries };
  return { ...entry, ...ofMutant, ownMutant: found, original: path };
}

/** The generic adversaries, and the module's own. Without one named `arbitrary` there is one that is made of its protocol. */
function adversariesIn(
  loaded: Record<string, unknown>,
  protocol: Protocol<Json, Json>,
  path: string,
): readonly Adversary<Json>[] {
  const own = list<Adversary<Json>>(loaded, "adversaries", path);
  const hasArbitrary = own.some(({ name }) => name === "arbitrary");
  // Its strength is that of the weakest: it is asked for by name, for not every protocol is made for liars.
  return [...genericAdversaries, ...(hasArbitrary ? [] : [liarOf(protocol, 1)]), ...own];
}

/** @throws {UserError} for words and a resilience that mean nothing: sooner than a run would find out. */
function refuseDeclarations(protocol: Protocol<Json, Json>, path: string): void {
  try {
    wordsOf(protocol.vocabulary);
  } catch (error) {
    throw new UserError("bad-module", `The protocol in ${path}: ${(error as Error).message}`);
  }
  mostFaults(protocol, 1);
}

/** What is asked of a specification: its node stands for all nodes, and each state of it counts. */
const ofSpecifications: Defaults = {
  ...{ replicas: 1, faults: 0, requests: 1, adversaries: ["none"], reduce: "none" },
};

/** The built-in properties that can say something of the protocol. Of a specification none can: nothing is executed there. */
function builtinDefaults(protocol: Protocol<Json, Json>): readonly string[] {
  // Integrity is put to the test only by protocols that say when something committed again.
  return protocol.isSpecification ? [] : [...aboutRequests(protocol), "clients-are-served"];
}

/** Whoever knows no requests decides for something else, as for a bit or a leader: there is nothing that clients must have signed. */
function aboutRequests(protocol: Protocol<Json, Json>): readonly string[] {
  const config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false };
  try {
    return protocol.requests(config).length > 0 ? ["agreement", "validity"] : ["agreement"];
  } catch {
    return ["agreement", "validity"]; // of other sizes only
  }
}

/** A class of the user's own, as turncoat/real describes it. */
function realEntry(
  { protocol, options, adversaries: liars, properties: own }: RealProtocol,
  path: string,
): Entry {
  const { replicas, faults, requestCount, network = "fifo", views = 1, properties } = options;
  return {
    name: path,
    protocol,
    // A mutator that knows the schema of messages has nothing to go by.
    adversaries: [...genericAdversaries.filter(({ name }) => name !== "mutator"), ...liars],
    puppets: builtinPuppets,
    properties: [...builtinProperties, ...own],
    defaultProperties: properties ?? [...aboutRequests(protocol), ...own.map(({ name }) => name)],
    mutant: null,
    original: null,
    isReal: true,
    defaults: {
      ...{ network, views, adversaries: ["none"], reduce: "none", clients: false },
      ...(replicas !== undefined && { replicas }),
      ...(faults !== undefined && { faults }),
      ...(requestCount !== undefined && { requests: requestCount }),
    },
  };
}

/** An exported array. @throws {UserError} `bad-module` if it is none, or one of its elements is not what it should be. */
function list<T>(
  loaded: Record<string, unknown>,
  name: "adversaries" | "properties" | "puppets",
  path: string,
): readonly T[] {
  const value = loaded[name] ?? [];
  if (!Array.isArray(value))
    throw new UserError("bad-module", `The export \`${name}\` of ${path} must be an array.`);
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const problem = exportedProblem(item, name);
    if (problem !== null) throw new UserError("bad-module", `${name}[${index}] of ${path}${problem}`);
  }
  return value as T[];
}

/** Where a module lies that we ourselves import. */
function here(specifier: string): string {
  return fileURLToPath(import.meta.resolve(specifier));
}

/**
 * What a module in TypeScript imports by these names is the copy that we ourselves use. Each entry of `exports` in our package.json stands for
 * itself: an alias for the whole package alone would stand before every subpath.
 */
function aliases(): { [specifier: string]: string } {
  const effect = dirname(here("effect"));
  const directory = bundleDirectory;
  if (bundle === null || directory === null) return { ...ownExports(), effect };
  const { version } = readJson<{ readonly version: string }>(join(effect, "..", "package.json"));
  // If another version is installed than was bundled, all of it has to be of that one.
  const isBundled = (name: string) => !name.startsWith("effect/") || version === bundle?.packages.effect;
  const files = Object.entries(bundle.modules)
    .filter(([name]) => isBundled(name))
    .map(([name, file]) => [name, join(directory, file)] as const);
  return { ...Object.fromEntries(files), effect };
}

function ownExports(): { [specifier: string]: string } {
  const file = fileURLToPath(new URL("../../../package.json", import.meta.url));
  const { exports } = readJson<{
    readonly exports: { readonly [subpath: string]: string | { readonly default: string } };
  }>(file);
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, target]) => [
      `turncoat${subpath.slice(1)}`,
      join(dirname(file), typeof target === "string" ? target : target.default),
    ]),
  );
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/**
 * TypeScript is compiled on the fly, with our own `turncoat` and `effect`; JavaScript is imported as it is.
 */
export async function importModule(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    if (/\.[cm]?js$/.test(file)) return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const { createJiti } = await import("jiti");
    const jiti = createJiti(import.meta.url, { alias: aliases() });
    // Compiled once more, with a map, if an error has to be placed: the compiler keeps lines only where no import stands late.
    compiledOnTheFly((source) => {
      if (jiti.cache[source] === undefined) return null;
      const mapping = createJiti(import.meta.url, { sourceMaps: true, fsCache: false });
      return mapping.transform({
        source: readFileSync(source, "utf8"),
        filename: source,
        ts: true,
        async: true,
      });
    });
    return (await jiti.import(file)) as Record<string, unknown>;
  } catch (error) {
    throw new UserError("bad-module", `${path} could not be loaded: ${thrownText(error)}`, {
      frames: userFrames(error),
    });
  }
}
