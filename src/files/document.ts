// Decodes JSON documents of ours by their schemas. An error has a line for each problem, with its path.

import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import * as SchemaIssue from "effect/SchemaIssue";
import { UserError } from "../model/errors.js";
import { nearest } from "../protocol/did-you-mean.js";
import { strictly } from "./json.js";

/**
 * Reads a document that JSON was parsed from. `no` says what it is not if the schema refuses it; `fields` are the names that a field may
 * have been meant to have; `advice` is what to write instead of a value at a place, where it knows.
 *
 * ```ts
 * document(Schema.Struct({ n: Schema.Number }), { n: 4 }, "x.json is not a size") // => { n: 4 }
 * ```
 * @throws {UserError} `bad-file` with the path of every problem.
 */
export function document<S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  json: unknown,
  no: string,
  fields: readonly string[] = [],
  advice: Advice = () => null,
): S["Type"] {
  const decoded = Schema.decodeUnknownResult(schema)(json, strictly(json));
  if (Result.isSuccess(decoded)) return decoded.success;
  throw refusal(no, problemsOf(decoded.failure.issue, json, fields, advice));
}

/** What is wrong with a value at a place and what to write there, or null. */
export type Advice = (path: readonly PropertyKey[], found: unknown) => string | null;

/** The error that lists problems. */
export function refusal(no: string, problems: readonly string[]): UserError {
  return new UserError("bad-file", [`${no}:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "MissingKey") return "is missing";
    if (issue._tag === "UnexpectedKey") return unexpected;
    return SchemaIssue.defaultLeafHook(issue);
  },
});

const unexpected = "is not a known field";

/** All problems, each as `path: what is wrong`. */
export function problemsOf(
  issue: SchemaIssue.Issue,
  json: unknown,
  fields: readonly string[] = [],
  advice: Advice = () => null,
): string[] {
  return format(issue).issues.map(({ path = [], message }) => {
    const keys = path.map((key) => (typeof key === "object" ? key.key : key));
    return `${pathText(keys)}: ${inWords(message, keys, json, fields, advice)}`;
  });
}

function inWords(
  message: string,
  keys: readonly PropertyKey[],
  json: unknown,
  fields: readonly string[],
  advice: Advice,
): string {
  if (message === unexpected) {
    const near = nearest(String(keys.at(-1)), fields);
    return near === null ? message : `${message}; did you mean "${near}"?`;
  }
  if (!message.startsWith("Expected")) return message;
  const found = keys.reduce((value, key) => (value as Record<PropertyKey, unknown>)?.[key], json);
  const advised = advice(keys, found);
  if (advised !== null) return advised;
  return `${message.replace("Expected", "expected")}, found ${clip(JSON.stringify(found) ?? String(found))}`;
}

function pathText(keys: readonly PropertyKey[]): string {
  const text = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "") || "the file itself";
}

/** Of a value that is told of, as many characters at most. */
export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
