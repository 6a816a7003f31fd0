// Links: a setting, and the way that an exploration has gone. Long ways are kept in a file under a digest, and the link names that.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SettingDescription } from "../catalogue/index.js";
import { describeSetting } from "../catalogue/index.js";
import { writeAtomically } from "../files/atomic.js";
import { parseJson, readText } from "../files/json.js";
import { UserError } from "../model/errors.js";
import type { Place, Session } from "./session.js";

/** What a link says. */
export interface Link {
  readonly setting: SettingDescription;
  readonly start: { readonly [node: string]: string };
  /** The keys of the actions, in order: see action-key.ts. */
  readonly path: readonly string[];
  /** Expressions that are watched on the page. Default: none. */
  readonly watches?: readonly string[];
}

/** Longer ways are kept in a file. */
const longestPath = 40;

/** Where these are kept, below the working directory. */
const directory = ".turncoat/explored";

/** More and longer ones are not kept. */
const [mostWatches, longestWatch] = [20, 200];

/** The link to a place. `watches`: what is watched there. */
export function linkTo(session: Session, place: Place, watches: readonly string[] = []): Link {
  const path = session.path(place).slice(1);
  return {
    setting: describeSetting(session.setting, session.name),
    start: place.start,
    path: path.map(({ key }) => key),
    ...(watches.length > 0 && { watches: kept(watches) }),
  };
}

/** The text of a link, for the end of a URL. A long one is written to a file first. */
export function linkText(link: Link): string {
  if (link.path.length <= longestPath) return `go=${Buffer.from(JSON.stringify(link)).toString("base64url")}`;
  const text = JSON.stringify(link);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  writeAtomically(join(directory, `${digest}.json`), text);
  return `kept=${digest}`;
}

/** Reads the text of a link. @throws {UserError} `bad-option` if it is none. */
export function readLink(text: string): Link {
  const [, kind, value] = /^#?(go|kept)=([\w-]+)$/.exec(text) ?? [];
  if (value === undefined)
    throw new UserError(
      "bad-option",
      "This is no link of turncoat explore: it should end in #go=... or #kept=...",
    );
  const link = (kind === "go" ? inLink(value) : inFile(value)) as Partial<Link>;
  const { setting, path, start = {}, watches = [] } = link;
  const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");
  if (!isDescription(setting) || !isTexts(path) || !isTexts(watches)) throw damaged();
  return { setting, start, path: path as readonly string[], watches: kept(watches) };
}

function inLink(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) ?? {};
  } catch {
    throw damaged();
  }
}

function inFile(digest: string): unknown {
  const file = join(directory, `${digest}.json`);
  if (!existsSync(file))
    throw new UserError(
      "bad-option",
      `${file} is not here: a link to a way of more than ${longestPath} steps can be opened only where it was made. Export the run as a trace file to take it elsewhere.`,
    );
  return parseJson(readText(file), file) ?? {};
}

function damaged(): UserError {
  return new UserError("bad-option", "The link is damaged: copy the whole of it.");
}

function kept(watches: readonly string[]): string[] {
  return watches.filter(({ length }) => length <= longestWatch).slice(0, mostWatches);
}

function isDescription(value: unknown): value is SettingDescription {
  const { protocol, config, byzantine, network, bounds, properties } = (value ??
    {}) as Partial<SettingDescription>;
  return (
    typeof protocol === "string" &&
    typeof config === "object" &&
    Array.isArray(byzantine) &&
    typeof network === "string" &&
    typeof bounds === "object" &&
    Array.isArray(properties)
  );
}
