// From names to things: which protocols, mutants, adversaries and properties there are, and how a module of the user's
// adds its own. Traces and the command line speak in names; this is where names are looked up.

import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as adversaries from "../adversaries/index.js";
import * as properties from "../properties/index.js";
import { didYouMean } from "./model/did-you-mean.js";
import { UserError } from "./model/errors.js";
import { type Bounds, nodesOf, refusalOf, type Setting } from "./model/setting.js";
import { refuseSizes } from "./model/sizes.js";
import type { Timing } from "./model/timed/timing.js";
import { thrownText, userFrames } from "./model/user-frames.js";
import type { Adversary, Config, Json, NodeId, Property, Protocol, Puppet } from "./protocol/index.js";
import { type Defaults, genericAdversaries, type RegisteredProtocol, registry } from "./protocol-registry.js";
import type { Mutant } from "./protocols/mutant.js";
import { pbft, pbftMutants, pbftTimedMutants, pbftVariants } from "./protocols/pbft/index.js";
import type { RealProtocol } from "./real/protocol.js";

export type { Defaults };

/** A protocol with everything that can be said to it. */
export interface Entry {
  readonly name: string;
  readonly protocol: Protocol<Json, Json>;
  readonly adversaries: readonly Adversary<Json>[];
  /** The adversaries of simulations. */
  readonly puppets: readonly Puppet<Json>[];
  readonly properties: readonly Property[];
  /** The properties that are checked if nobody names any. */
  readonly defaultProperties: readonly string[];
  /** The mutant that this is, or null if the protocol is meant to be correct. */
  readonly mutant: Mutant | null;
  /** The name of the correct protocol, for a mutant. */
  readonly original: string | null;
  /** What is asked of it where nobody says otherwise. Default: what is asked of every protocol. */
  readonly defaults?: Defaults;
}

/** A setting in names only: what a trace file keeps. */
export interface SettingDescription {
  readonly protocol: string;
  readonly config: Config;
  readonly byzantine: readonly NodeId[];
  /** Null, or `none`: nobody is Byzantine. */
  readonly adversary: string | null;
  readonly network: string;
  readonly bounds: Bounds;
  readonly properties: readonly string[];
  readonly timing?: Timing;
}

/** The properties that come with Turncoat; they work for every protocol. */
export const builtinProperties: readonly Property[] = [
  properties.agreement,
  properties.validity,
  properties.integrity,
  properties.clientsAreServed,
  properties.checkpointAgreement,
  properties.checkpointDurability,
  properties.boundedLog,
  properties.linearizability,
  properties.catchingUp,
  properties.allExecute,
  properties.nobodyWaitsForEver,
  properties.totality,
  properties.termination,
  properties.nullAgreement,
];

/** PBFT owes no replica that it executes everything, or that it ever stops to wait: asked for by name only. */
const onlyByName = ["all-execute", "nobody-waits-for-ever", "null-agreement", "totality", "termination"];

/** Puppets know of messages what their tags say, so they work for every protocol. */
export const builtinPuppets = adversaries.puppets as readonly Puppet<Json>[];

/** PBFT's adversaries, the weakest first. */
export const pbftAdversaries: readonly Adversary<Json>[] = [
  ...genericAdversaries,
  adversaries.equivocatingPrimary,
  adversaries.lyingVoter,
  adversaries.checkpointLiar,
  adversaries.certificateWithholder,
  adversaries.viewChangeLiar,
  adversaries.newViewForger,
  adversaries.byzantineClient,
  adversaries.arbitrary,
] as unknown as readonly Adversary<Json>[];

/** The built-in protocols and mutants. */
export const builtins: readonly Entry[] = [
  entry(pbft() as unknown as Protocol<Json, Json>, null),
  ...pbftMutants.map((mutant) => entry(mutant.protocol, mutant)),
  ...pbftTimedMutants.map((mutant) => entry(mutant.protocol, mutant)),
  ...pbftVariants.map(({ protocol }) => entry(protocol, null)),
  ...registry.flatMap(familyEntries),
];

/** A protocol and its mutants. */
function familyEntries(family: RegisteredProtocol): Entry[] {
  const { protocol, adversaries, defaultProperties, mutants, defaults } = family;
  const one = (mine: Protocol<Json, Json>, mutant: Mutant | null): Entry => ({
    name: mine.name,
    protocol: mine,
    adversaries,
    puppets: builtinPuppets,
    properties: [...builtinProperties, ...family.properties],
    defaultProperties,
    mutant,
    original: mutant ? (mutant.original ?? protocol.name) : null,
    ...(defaults && { defaults }),
  });
  return [one(protocol, null), ...mutants.map((mutant) => one(mutant.protocol, mutant))];
}

function entry(protocol: Protocol<Json, Json>, mutant: Mutant | null): Entry {
  return {
    name: protocol.name,
    protocol,
    adversaries: pbftAdversaries,
    puppets: builtinPuppets,
    properties: builtinProperties,
    defaultProperties: builtinProperties.map(({ name }) => name).filter((name) => !onlyByName.includes(name)),
    mutant,
    original: mutant ? "pbft" : null,
  };
}

/**
 * Finds a protocol by name, or loads it from a path. A module exports its protocol as `default` or as `protocol`, and
 * may export arrays `adversaries`, `puppets` and `properties` of its own; the generic adversaries, the built-in puppets and the built-in properties are always there.
 *
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

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // no name that a file could have
  }
}

/** Whether a name is the path of a module, and not that of a built-in protocol. */
export function isPath(name: string): boolean {
  return /^(\.|\/|file:)/.test(name) || /\.[cm]?[jt]s$/.test(name);
}

/** The file that a path or a `file:` URL names. */
export function moduleFile(path: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : resolve(path);
}

async function loadModule(path: string): Promise<Entry> {
  const file = moduleFile(path);
  if (!isFile(file))
    throw new UserError(
      "bad-module",
      `There is no file ${path.length > 200 ? `${path.slice(0, 200)}...` : path}.`,
    );
  const { isRealFile, loadReal } = await import("./real/load.js");
  if (isRealFile(file)) return realEntry(await loadReal(file, path), path);
  const loaded = await importModule(file, path);
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
  const own = list<Property>(loaded, "properties", path, ["monitor"]);
  return {
    name: path,
    protocol,
    adversaries: [
      ...genericAdversaries,
      ...list<Adversary<Json>>(loaded, "adversaries", path, ["canMove", "observes", "moves"]),
    ],
    puppets: [...builtinPuppets, ...list<Puppet<Json>>(loaded, "puppets", path, ["attach"])],
    properties: [...builtinProperties, ...own],
    // Integrity is put to the test only by protocols that say when something committed again.
    defaultProperties: ["agreement", "validity", "clients-are-served", ...own.map(({ name }) => name)],
    mutant: null,
    original: null,
  };
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
    defaultProperties: properties ?? ["agreement", "validity", ...own.map(({ name }) => name)],
    mutant: null,
    original: null,
    defaults: {
      ...{ network, views, adversaries: ["none"], reduce: "none" },
      ...(replicas !== undefined && { replicas }),
      ...(faults !== undefined && { faults }),
      ...(requestCount !== undefined && { requests: requestCount }),
    },
  };
}

/** An exported array whose elements have a name and these functions. */
function list<T>(
  loaded: Record<string, unknown>,
  name: string,
  path: string,
  functions: readonly string[],
): readonly T[] {
  const value = loaded[name] ?? [];
  if (!Array.isArray(value))
    throw new UserError("bad-module", `The export \`${name}\` of ${path} must be an array.`);
  for (const [index, item] of (value as readonly Record<string, unknown>[]).entries()) {
    const missing = functions.filter((needed) => typeof item?.[needed] !== "function");
    if (typeof item?.name !== "string" || missing.length > 0)
      throw new UserError(
        "bad-module",
        `${name}[${index}] of ${path} must be an object with a name and the functions ${functions.join(", ")}.`,
      );
  }
  return value as T[];
}

/** Where a module lies that we ourselves import. */
function here(specifier: string): string {
  return fileURLToPath(import.meta.resolve(specifier));
}

/** Each entry of `exports` in our package.json, and its file: an alias for the whole package alone would stand before every subpath. */
function ownExports(): { [specifier: string]: string } {
  const file = new URL("../../package.json", import.meta.url);
  const { exports } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly exports: { readonly [subpath: string]: string | { readonly default: string } };
  };
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, target]) => [
      `turncoat${subpath.slice(1)}`,
      fileURLToPath(new URL(typeof target === "string" ? target : target.default, file)),
    ]),
  );
}

/** TypeScript is compiled on the fly, with our own `turncoat` and `effect`; JavaScript is imported as it is. */
export async function importModule(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    if (/\.[cm]?js$/.test(file)) return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const { createJiti } = await import("jiti");
    const alias = { ...ownExports(), effect: dirname(here("effect")) };
    return (await createJiti(import.meta.url, { alias }).import(file)) as Record<string, unknown>;
  } catch (error) {
    throw new UserError("bad-module", `${path} could not be loaded: ${thrownText(error)}`, {
      frames: userFrames(error),
    });
  }
}

/** A setting in names. */
export function describeSetting<Message, Request>(
  setting: Setting<Message, Request>,
  name = setting.protocol.name,
): SettingDescription {
  return {
    protocol: name,
    config: setting.config,
    byzantine: setting.byzantine,
    adversary: setting.adversary?.name ?? null,
    network: setting.network,
    bounds: setting.bounds,
    properties: setting.properties.map((property) => property.name),
    ...(setting.timing && { timing: setting.timing }),
  };
}

/**
 * The setting that a description means.
 *
 * @throws {UserError} for unknown names and impossible parameters.
 */
export async function settingFrom(description: SettingDescription): Promise<Setting> {
  return settingIn(await findProtocol(description.protocol), description);
}

/** The same for a protocol that was found before, or that has no file. @throws {UserError} as {@link settingFrom} does. */
export function settingIn(found: Entry, description: SettingDescription): Setting {
  refuseSizes(description.config, description.bounds);
  const chosen = description.properties.map((name) => propertyNamed(name, found));
  const config = configuredFor(description.config, chosen);
  const refusal = refusalOf(found.protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  const ids = nodesOf(found.protocol, config).map((node) => node.id);
  for (const id of description.byzantine)
    if (!ids.includes(id))
      throw new UserError("bad-option", `There is no node ${id}; there are ${ids.join(", ")}.`);
  if (description.adversary === "none" && description.byzantine.length > 0)
    throw new UserError("bad-option", "Byzantine replicas need an adversary, not `none`.");
  return {
    protocol: found.protocol,
    config,
    byzantine: [...description.byzantine].sort(),
    adversary:
      description.adversary === null || description.adversary === "none"
        ? null
        : adversaryNamed(description.adversary, found.adversaries),
    network: description.network,
    bounds: description.bounds,
    properties: chosen,
    ...(description.timing && { timing: description.timing }),
  };
}

/**
 * The adversary with this name, or the one that is made of others: `a+b` does what either does, `a@2` is correct below view
 * 2, and `a@until-gst` from the last view on; `@` binds more tightly than `+`.
 *
 * ```ts
 * adversaryNamed("silent@1+lying-voter", pbftAdversaries).name // => "silent@1+lying-voter"
 * ```
 * @throws {UserError} `bad-option` for names that there are not, and for combinations that make no sense.
 */
export function adversaryNamed(name: string, among: readonly Adversary<Json>[]): Adversary<Json> {
  if (among.some((candidate) => candidate.name === name)) return pick("adversary", name, among);
  return name
    .split("+")
    .map((part) => limited(part, among))
    .reduce(adversaries.together);
}

function limited(part: string, among: readonly Adversary<Json>[]): Adversary<Json> {
  const [name = "", limit, ...more] = part.split("@");
  const adversary = pick("adversary", name, among);
  if (limit === undefined) return adversary;
  if (more.length > 0 || !/^(\d+|until-gst)$/.test(limit))
    throw new UserError(
      "bad-option",
      `After the @ of ${part} stands the view from which on it begins, as in ${name}@2, or until-gst.`,
    );
  const refusal = adversaries.limitRefusal(adversary);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  return limit === "until-gst"
    ? adversaries.untilGst(adversary)
    : adversaries.fromView(adversary, Number(limit));
}

/** How adversaries are combined, for lists. */
export const combinations: readonly { readonly name: string; readonly summary: string }[] = [
  { name: "A+B", summary: "A and B at once: every Byzantine replica does what either does" },
  { name: "A@V", summary: "a correct replica in views below V, A from view V on" },
  { name: "A@until-gst", summary: "A until the last view begins, and a correct replica besides and then" },
];

/** What properties need to be set so that they see anything, besides what is set already. */
export function configuredFor(config: Config, chosen: readonly Property[]): Config {
  return Object.assign({}, config, ...chosen.map(({ configures }) => configures)) as Config;
}

/**
 * The property of a protocol with this name.
 *
 * @throws {UserError} `bad-option` for a name that there is not, and for a property that could never be violated here.
 */
export function propertyNamed(name: string, { name: of, protocol, properties: among }: Entry): Property {
  const property = pick("property", name, among);
  if (property.configures?.showsSkipped && !protocol.nullRequests)
    throw new UserError("bad-option", `${name} is about null requests, and ${of} says of none.`);
  return property;
}

/** Finds by name. @throws {UserError} that lists what there is. */
export function pick<T extends { readonly name: string }>(
  what: string,
  name: string,
  among: readonly T[],
): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found) return found;
  const names = among.map((candidate) => candidate.name).join(", ");
  const near = didYouMean(
    name,
    among.map((candidate) => candidate.name),
  );
  throw new UserError(
    "bad-option",
    `There is no ${what} named "${name}". ${near}There are: ${names || "none"}.`,
  );
}
