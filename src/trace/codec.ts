// Reads and writes traces as text. One error lists every problem of a file, each with its path, so that a
// person who repairs a trace by hand need not find them one at a time.

import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import { clip, problemsOf, refusal } from "../files/document.js";
import { parseJson, strictly } from "../files/json.js";
import type { Action } from "../model/action.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";
import { version } from "../version.js";
import { prettyJson } from "./pretty.js";
import { Trace, traceFormat, traceVersion } from "./schema.js";

const ordered = canonicalizer(Trace);
const decode = Schema.decodeUnknownResult(Trace);

/**
 * The text of a trace, ending in a newline. It does not depend on the order of fields, except inside
 * messages.
 *
 * ```ts
 * JSON.parse(encodeTrace(trace)).format // => "turncoat-trace"
 * ```
 */
export function encodeTrace(trace: Trace): string {
  const fields = ordered(trace);
  if (fields instanceof SchemaMismatch) throw new TypeError(`not a trace: ${fields}`);
  const { actions, loop } = fields as unknown as Trace;
  const ready = {
    ...(fields as object),
    actions: withMessagesOf(trace.actions, actions),
    ...(loop && trace.loop && { loop: withMessagesOf(trace.loop, loop) }),
  };
  return `${prettyJson(ready as unknown as Json)}\n`;
}

/** Messages keep the order of their protocol's schema, which reads better than the alphabet's. */
function withMessagesOf(originals: readonly Action[], actions: readonly Action[]): Action[] {
  return actions.map((action, index) => {
    const { message } = originals[index] as { message?: Json };
    return message === undefined ? action : ({ ...action, message } as Action);
  });
}

/**
 * Reads the text of a trace. `name` stands for the file in messages.
 *
 * ```ts
 * decodeTrace(encodeTrace(trace), "my trace").violates.property // => "agreement"
 * ```
 * @throws {UserError} `bad-file`, with the path of every problem, or saying that this is no trace at all.
 */
export function decodeTrace(text: string, name: string): Trace {
  const json = parseJson(text, name);
  refuseForeign(json, name);
  const decoded = decode(json, strictly(json));
  const problems = Result.isFailure(decoded)
    ? problemsOf(decoded.failure.issue, json)
    : contradictions(decoded.success as Trace);
  if (problems.length > 0 || Result.isFailure(decoded)) throw refusal(`${name} is a damaged trace`, problems);
  return decoded.success as Trace;
}

function refuseForeign(json: unknown, name: string): void {
  const { format, version: found } = (typeof json === "object" && json !== null ? json : {}) as {
    format?: unknown;
    version?: unknown;
  };
  if (format !== traceFormat)
    throw new UserError(
      "bad-file",
      `${name} is not a Turncoat trace: it should say "format": "${traceFormat}".`,
    );
  if (found !== traceVersion)
    throw new UserError(
      "bad-file",
      `${name} is a trace of version ${found === undefined ? "unknown" : clip(JSON.stringify(found))}; Turncoat ${version} reads version ${traceVersion}.`,
    );
}

/** What no schema can say. */
function contradictions({ setting, violates }: Trace): string[] {
  if (setting.properties.includes(violates.property)) return [];
  return [`violates.property: "${violates.property}" is not among setting.properties`];
}
