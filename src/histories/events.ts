// Events of a recorded history, one a line, in the forms in which they are found: EDN maps and logs as Jepsen writes them, and JSON.

import { parseEDNString } from "edn-data";
import { UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";

/** What a process did: it called an operation, or learned what became of it. */
export interface HistoryEvent {
  readonly line: number;
  readonly process: string;
  /** `ok`: it took effect; `fail`: it did not; `info`: nobody knows. */
  readonly type: "invoke" | "ok" | "fail" | "info";
  /** The name of the operation. */
  readonly name: string;
  readonly value: Json;
}

const types = ["invoke", "ok", "fail", "info"] as const;

/** A line of a log as Jepsen prints it: process, type, operation and value, with tabs between them. */
const logLine = /(?:^|\s)(\S+)\t:(\w+)\t:([\w-]+)\t([^\t]*)/;

/**
 * Reads the events of a history, in the order of the file. Lines that are empty, or no event of a log, are passed over.
 *
 * ```ts
 * eventsOf("history.edn", "{:process 0, :type :invoke, :f :read, :value nil}") // => [{ line: 1, process: "0", type: "invoke", name: "read", value: null }]
 * ```
 *
 * @throws {UserError} `bad-file` with the line that cannot be read.
 */
export function eventsOf(file: string, text: string): HistoryEvent[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const first = lines.find((line) => line !== "") ?? "";
  const read = first.startsWith("{") || first.startsWith("[") || first.startsWith("#") ? recordOf : loggedOf;
  const events = lines.flatMap((line, index): HistoryEvent[] => {
    if (line === "" || line.startsWith(";")) return [];
    const at = `line ${index + 1} of ${file}`;
    const event = read(line, at);
    return event ? [{ line: index + 1, ...event }] : [];
  });
  if (events.length === 0)
    throw new UserError(
      "bad-file",
      `${file} has no operation: a line is {:process 0, :type :invoke, :f :read, :value nil}, the same in JSON, or a line of a log with tabs: 0 :invoke :read nil`,
    );
  return events;
}

type Found = Omit<HistoryEvent, "line">;

function loggedOf(line: string, at: string): Found | null {
  const [, process, type, name, value] = logLine.exec(line) ?? [];
  if (process === undefined) return null;
  return checked({ process, type, f: name, value: jsonOf(ednOf(value!, at)) }, at);
}

/** One operation as an EDN map or a JSON object. The brackets of a vector around all of them may stand on the first and the last line. */
function recordOf(line: string, at: string): Found | null {
  const text = line.replace(/^\[\s*(?=[{#])/, "").replace(/^(\{.*\}|#.*\})\s*[\],]\s*$/, "$1");
  if (text === "[" || text === "]") return null;
  if (/^\{\s*"/.test(text)) return checked(parsedJson(text, at), at);
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
  return { process: text("process"), type, name: text("f"), value: record.value ?? null };
}
