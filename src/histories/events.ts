// Events of a recorded history in the forms in which they are found: EDN maps and logs as Jepsen writes them, EDN with keys as
// in Porcupine's examples, and JSON: of events, or of whole operations with their times, as Porcupine's `Operation` has them.

import { parseEDNString } from "edn-data";
import { UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";
import type { HistoryEvent, Whole } from "./event.js";
import { type Form, formsOf } from "./forms.js";
import { TimedOperations, wholeOf } from "./timed-operations.js";

const types = ["invoke", "ok", "fail", "info"] as const;

/** A line of a log as Jepsen prints it: process, type, operation and value, with tabs between them. */
const logLine = /(?:^|\s)(\S+)\t:(\w+)\t:([\w-]+)\t([^\t]*)/;

/**
 * Reads the events of a history, in the order of the file. Lines of a log that are no event are passed over.
 *
 * ```ts
 * eventsOf("history.edn", "{:process 0, :type :invoke, :f :read, :value nil}") // => [{ line: 1, process: "0", type: "invoke", name: "read", value: null }]
 * ```
 *
 * @throws {UserError} `bad-file` with the line that cannot be read.
 */
export function eventsOf(file: string, text: string): HistoryEvent[] {
  const isLog = !/^(?:\s|;[^\n]*\n)*[{[(#]/.test(text);
  const read: (text: string, at: string) => Found | Whole | null = isLog ? loggedOf : recordOf;
  const timed = new TimedOperations();
  const events = (isLog ? linesOf(text) : formsOf(file, text)).flatMap(({ line, text }): HistoryEvent[] => {
    const at = `line ${line} of ${file}`;
    const found = read(text, at);
    if (found === null) return [];
    if ("type" in found) return [{ line, ...found }];
    timed.add(found, line, at);
    return [];
  });
  if (events.length > 0 && timed.first !== null)
    throw new UserError(
      "bad-file",
      `${timed.first} is a whole operation with its times, and other lines are events: a history has the one or the other`,
    );
  if (timed.first !== null) return timed.events();
  if (events.length === 0)
    throw new UserError(
      "bad-file",
      `${file} has no operation: a line is {:process 0, :type :invoke, :f :read, :value nil}, the same in JSON, or a line of a log with tabs: 0 :invoke :read nil`,
    );
  return events;
}

type Found = Omit<HistoryEvent, "line">;

function linesOf(text: string): Form[] {
  return text.split(/\r?\n/).map((line, index) => ({ line: index + 1, text: line.trim() }));
}

function loggedOf(line: string, at: string): Found | null {
  const [, process, type, name, value] = logLine.exec(line) ?? [];
  if (process === undefined) return null;
  return checked({ process, type, f: name, value: jsonOf(ednOf(value!, at)) }, at);
}

/** One operation as an EDN map or a JSON object. */
function recordOf(text: string, at: string): Found | Whole {
  if (/^\{\s*"/.test(text)) {
    const json = parsedJson(text, at);
    return wholeOf(json, at) ?? checked(json, at);
  }
  const value = jsonOf(ednOf(text, at));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UserError("bad-file", `${at} is no operation, but ${JSON.stringify(value)}`);
  return checked(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replace(/^:/, ""), item as Json])),
    at,
  );
}

function parsedJson(text: string, at: string): { readonly [key: string]: Json } {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError("bad-file", `${at} is not JSON: ${(error as Error).message}`);
  }
}

/** An EDN value, in the form in which `edn-data` keeps everything apart. */
function ednOf(text: string, at: string): unknown {
  const big = /(?<![\w.:"\\-])[-+]?\d{16,}/.exec(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
  if (big && !Number.isSafeInteger(Number(big[0])))
    throw new UserError(
      "bad-file",
      `${at} has the number ${big[0]}, which is too large to be kept exactly: write it as a string`,
    );
  let values: unknown;
  try {
    values = parseEDNString(`[${text}\n]`);
  } catch {
    values = null;
  }
  // The reader gives nothing for a text that ends too early, and only the first of several values.
  if (!Array.isArray(values))
    throw new UserError(
      "bad-file",
      `${at} is not EDN: a bracket or a quote is missing, or there is one too many`,
    );
  if (values.length !== 1)
    throw new UserError("bad-file", `${at} has ${values.length} values, and is to have one operation`);
  return values[0];
}

/** Keywords become texts with their colon, so that `:a` is not "a"; sets become sorted lists. */
function jsonOf(value: unknown): Json {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return `${value}N`;
  if (typeof value !== "object" || value === null) return value as Json;
  const [[kind, content] = []] = Object.entries(value) as [string, unknown][];
  if (kind === "key") return `:${content}`;
  if (kind === "map")
    return Object.fromEntries(
      (content as [unknown, unknown][]).map(([key, item]) => {
        const name = jsonOf(key);
        return [typeof name === "string" ? name : JSON.stringify(name), jsonOf(item)];
      }),
    );
  if (kind === "set")
    return (content as unknown[])
      .map(jsonOf)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (kind === "tag") return jsonOf((value as unknown as { readonly val: unknown }).val);
  return jsonOf(content);
}

function checked(record: { readonly [key: string]: Json | undefined }, at: string): Found {
  const text = (key: string): string => {
    const value = record[key];
    if (typeof value !== "string" && typeof value !== "number")
      throw new UserError(
        "bad-file",
        `${at} has no :${key}; an operation has :process, :type, :f and :value`,
      );
    return String(value).replace(/^:/, "");
  };
  const type = text("type") as HistoryEvent["type"];
  if (!types.includes(type))
    throw new UserError("bad-file", `${at} has the type ${type}; there are ${types.join(", ")}`);
  return { process: text("process"), type, name: text("f"), value: keyedValue(record) };
}

/** The value, with its key in front of it if that stands in a field of its own. */
function keyedValue({ key, value = null }: { readonly [key: string]: Json | undefined }): Json {
  return key === undefined ? value : [key, value];
}
