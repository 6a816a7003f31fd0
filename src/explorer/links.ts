// Links: a setting, and the way that an exploration has gone. Long ways are kept in a file under a digest, and the link names that.

import { createHash } from "node:crypto";
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
}

/** Longer ways are kept in a file. */
const longestPath = 40;

/** Where these are kept, below the working directory. */
const directory = ".turncoat/explored";

/** The link to a place. */
export function linkTo(session: Session, place: Place): Link {
  const path = session.path(place).slice(1);
  return {
    setting: describeSetting(session.setting, session.name),
    start: place.start,
    path: path.map(({ key }) => key),
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
  const json =
    kind === "go"
      ? Buffer.from(value, "base64url").toString("utf8")
      : readText(join(directory, `${value}.json`));
  const link = parseJson(json, "the link") as Partial<Link>;
  const { setting, path, start = {} } = link;
  if (!isDescription(setting) || !Array.isArray(path) || path.some((key) => typeof key !== "string"))
    throw new UserError("bad-option", "The link is damaged: copy the whole of it.");
  return { setting, start, path };
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
