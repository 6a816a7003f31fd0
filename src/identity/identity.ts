// The identity of what was checked: a digest of everything that a result depends on, besides the seed. Whatever is saved carries it, so that
// nobody goes on with a search or a campaign of a protocol that has been changed since, and a trace can say that it is of other code.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { builtins, moduleFile, type SettingDescription } from "../catalogue/index.js";
import { version } from "../version.js";
import { buildDigest } from "./build-digest.js";
import { moduleParts } from "./module-parts.js";
import { ownPackages } from "./packages.js";
import type { Parts } from "./parts.js";

export type { Parts } from "./parts.js";

/** What a protocol is made of: digests of its parts, by which a later run sees what has changed. */
export interface Identity {
  /** SHA-256 of the parts and of the setting, in hexadecimal digits. */
  readonly digest: string;
  readonly parts: Parts;
}

/** The name of the part that says why the imports of a module could not be found: such an identity equals none. */
const unknown = "imports";

/** By the absolute path of the module: a process may change its directory. (Of a name that is no path it is as good as the name.) */
const known = new Map<string, Promise<Parts>>();

/**
 * The identity of a setting. What a protocol is made of is looked at once in a process, when somebody asks for the first time: ask
 * when the protocol is loaded, not when something is saved.
 */
export async function identityOf(description: SettingDescription): Promise<Identity> {
  return identityWith(description, await partsOf(description.protocol));
}

/** The same, of parts that are known. */
export function identityWith(setting: unknown, parts: Parts): Identity {
  const sorted = Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const digest = createHash("sha256")
    .update(inOneOrder([setting, sorted]))
    .digest("hex");
  return { digest, parts: sorted };
}

/** What a protocol is made of, by the name by which it is found. */
export function partsOf(protocol: string): Promise<Parts> {
  const place = resolve(protocol);
  const parts = known.get(place) ?? partsNow(protocol);
  known.set(place, parts);
  return parts;
}

/** The same as it lies on disk now: what a thread loads that starts late in a long process. */
export async function partsNow(protocol: string): Promise<Parts> {
  const own = { turncoat: `${version}, build ${buildDigest()}` };
  if (builtins.some(({ name }) => name === protocol)) return { ...own, ...ownPackages() };
  try {
    return { ...((await realParts(protocol)) ?? (await moduleParts(protocol))), ...own };
  } catch (error) {
    return { [unknown]: firstLine(error), ...own };
  }
}

/** Of a file that describes a class: what its bundle is made of. Null for any other. */
async function realParts(protocol: string): Promise<Parts | null> {
  const { isRealFile, loadReal } = await import("../real/load.js");
  const file = moduleFile(protocol);
  if (!isRealFile(file)) return null;
  const { partsOfBundle } = await import("../real/bundle-parts.js");
  return partsOfBundle((await loadReal(file, protocol)).bundle);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

/** Whether all code is known. An import that could not be followed may have changed. */
export function isKnown({ parts }: Identity): boolean {
  return changesBetween(parts, parts).length === 0;
}

/** What differs between what was saved and what is here, in words; nothing if they are the same. */
export function changesBetween(before: Parts, now: Parts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => changeOf(name, before[name], now[name]) ?? []);
}

function changeOf(name: string, before: string | undefined, now: string | undefined): string | null {
  if (name === unknown) return `what the module imports cannot be found out (${now ?? before})`;
  if (before === now) return null;
  const isFile = name.startsWith(".") || name.startsWith("/");
  const what = isFile ? name : name === "turncoat" ? "Turncoat" : `the package ${name}`;
  if (before === undefined) return `${what} is imported now`;
  if (now === undefined) return `${what} is no longer imported`;
  return isFile ? `${what} has changed` : `${what} was ${before} and is ${now}`;
}

/** The text of a JSON value, the same for the same value in any order of keys. */
function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
