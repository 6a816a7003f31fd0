// Trace files. A file is named after what it shows and part of its digest, so equal traces share a file and
// different ones do not collide. It is written atomically.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, writeAtomically } from "../files/atomic.js";
import { readText } from "../files/json.js";
import { fileName } from "../files/names.js";
import { UserError } from "../model/errors.js";
import { decodeTrace, encodeTrace } from "./codec.js";
import type { Trace } from "./schema.js";

/**
 * Reads a trace file.
 *
 * ```ts
 * (await readTrace("corpus/pbft-quorum-2f.json")).violates.property // => "agreement"
 * ```
 * @throws {UserError} `bad-file` if it cannot be read or is not a trace.
 */
export async function readTrace(file: string): Promise<Trace> {
  return decodeTrace(readText(file), file);
}

/**
 * Writes a trace into a directory, which is made if need be, and returns the file's path. A file with other
 * content is never replaced.
 *
 * ```ts
 * const written = await writeTrace(directory, trace);
 * /pbft-quorum-2f-agreement-equivocating-primary-[0-9a-f]{8}.json$/.test(written) // => true
 * ```
 * @throws {UserError} `bad-file` if it cannot be written.
 */
export async function writeTrace(directory: string, trace: Trace): Promise<string> {
  return writeTraceNow(directory, trace);
}

/** The same at once: for what must be on disk before anything else happens. */
export function writeTraceNow(directory: string, trace: Trace): string {
  const text = encodeTrace(trace);
  try {
    const { file, exists } = freeName(directory, trace, text);
    if (!exists) writeAtomically(file, text);
    return file;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("bad-file", `A trace could not be written to ${directory}: ${reasonOf(error)}`);
  }
}

/** The first name, with more and more of the digest, that is free or whose file says the same already. */
function freeName(directory: string, trace: Trace, text: string) {
  const { protocol, adversary } = trace.setting;
  const subject = fileName(protocol, trace.violates.property, adversary ?? "none");
  const shown = withoutIdentity(trace);
  const digest = createHash("sha256").update(shown).digest("hex");
  for (let length = 8; length <= digest.length; length += 8) {
    const file = join(directory, `${subject}-${digest.slice(0, length)}.json`);
    const found = textOf(file);
    if (found === null || found === text) return { file, exists: found !== null };
    if (isSameBut(found, shown)) return { file, exists: false };
  }
  throw new UserError("bad-file", `Every name for the trace is taken by another file in ${directory}.`);
}

/** What a trace shows, whatever code has shown it. */
function withoutIdentity({ identity: _, ...shown }: Trace): string {
  return encodeTrace(shown);
}

/** Whether a file says the same, of other code: the newest is kept. */
function isSameBut(found: string, shown: string): boolean {
  try {
    return withoutIdentity(decodeTrace(found, "")) === shown;
  } catch {
    return false;
  }
}

/** The text of a file; null if there is none. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
