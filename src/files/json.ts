// Reads JSON files; every one of ours is read here. What is nested too deeply or too large is refused at once: code that walks a value
// recurses for each level of nesting, and some walks it several times.

import { readFileSync, statSync } from "node:fs";
import { UserError } from "../model/errors.js";
import { reasonOf } from "./atomic.js";

/** No message is nested so deep. */
const maxDepth = 200;

/** The largest files are campaigns, of some megabytes. */
const maxBytes = 256 * 2 ** 20;

/**
 * What stands in a file.
 *
 * ```ts
 * readJson("traces/a.json"); // => { format: "turncoat-trace", ... }
 * ```
 * @throws {UserError} `bad-file`, with the reason.
 */
export function readJson(file: string): unknown {
  return parseJson(readText(file), file);
}

/** The text of a file. @throws {UserError} `bad-file` if it cannot be read, or is too large to be one of ours. */
export function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) throw new Error(`it has more than ${maxBytes / 2 ** 20} MiB`);
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("bad-file", `${file} could not be read: ${reasonOf(error)}`);
  }
}

/** What a text says; `name` stands for the file in messages. @throws {UserError} `bad-file` if it is empty, not JSON, or nested too deep. */
export function parseJson(text: string, name: string): unknown {
  if (text.trim() === "") throw new UserError("bad-file", `${name} is empty.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = endsInside(text)
      ? "it looks truncated: it ends before everything that was opened is closed"
      : reasonOf(error);
    throw new UserError("bad-file", `${name} is not JSON: ${reason}.`);
  }
  if (isDeeperThan(json, maxDepth))
    throw new UserError("bad-file", `${name} cannot be read: it is nested more than ${maxDepth} deep.`);
  return json;
}

/** Of a document with more values than this the first problem is told, and not every one: there may be as many. */
const maxValues = 20_000;

/** How a schema has to read a document of ours: nothing that it does not know, and all problems at once, where they can be told in a moment. */
export function strictly(json: unknown): {
  readonly errors: "all" | "first";
  readonly onExcessProperty: "error";
} {
  return { errors: hasMoreThan(json, maxValues) ? "first" : "all", onExcessProperty: "error" };
}

function hasMoreThan(json: unknown, most: number): boolean {
  const values = [json];
  for (let at = 0; at < values.length; at++) {
    if (values.length > most) return true;
    const value = values[at];
    if (typeof value === "object" && value !== null)
      for (const item of Object.values(value)) values.push(item);
  }
  return false;
}

function isDeeperThan(json: unknown, most: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/** Whether the text ends inside a string, an array or an object. */
function endsInside(text: string): boolean {
  let [depth, isString] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (isString && character === "\\") at++;
    else if (character === '"') isString = !isString;
    else if (!isString && "[{".includes(character)) depth++;
    else if (!isString && "]}".includes(character)) depth--;
  }
  return isString || depth > 0;
}
