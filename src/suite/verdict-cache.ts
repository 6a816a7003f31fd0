// A cache of verdicts: a run whose setting, options, code, packages, Turncoat and Node are the same as
// before has the same result, so it need not be made again. One file for each run, named after what is
// asked: when the code changes the file is replaced, so a cache does not grow. Only finished results are
// kept: a limit, an interrupt or a fault says nothing about the next time.

import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import { type SettingDescription, settingFrom } from "../catalogue/index.js";
import type { SearchResult } from "../explore/search-result.js";
import { makeDirectories, reasonOf, writeAtomically } from "../files/atomic.js";
import { readJson } from "../files/json.js";
import { fileName } from "../files/names.js";
import { changesBetween, type Identity, isKnown } from "../identity/identity.js";
import { IdentitySchema } from "../identity/schema.js";
import { UserError } from "../model/errors.js";
import { replayIn } from "../trace/index.js";
import { version } from "../version.js";
import type { RunOptions } from "./side-by-side.js";

const format = "turncoat-verdict";

/** The question of a run, and the code that it runs. */
export interface AskedRun {
  readonly description: SettingDescription;
  readonly options: RunOptions;
  readonly identity: Identity;
}

/** The cached part of a result. */
export interface KeptVerdict {
  readonly result: SearchResult;
  /** See `Protocol.notes`. */
  readonly notes: readonly string[];
}

/**
 * Why a run is not in the cache: what has changed since it was made; empty if it was never made.
 */
export interface CacheMiss {
  readonly changes: readonly string[];
}

const Entry = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Literal(1),
  turncoat: Schema.String,
  node: Schema.String,
  identity: IdentitySchema,
  asked: Schema.Unknown,
  /** The digest of everything else in the file; a damaged file is ignored. */
  checksum: Schema.String,
  kept: Schema.Unknown,
});
type Entry = typeof Entry.Type;

/** Verdicts in the files of a directory. */
export class VerdictCache {
  readonly #directory: string;
  readonly #say: (line: string) => void;

  /**
   * Creates the directory if needed. `say` is called with one line for each file that is ignored.
   *
   * @throws {UserError} `bad-file` if it cannot be a directory.
   */
  constructor(directory: string, say: (line: string) => void) {
    this.#directory = directory;
    this.#say = say;
    try {
      makeDirectories(directory);
    } catch (error) {
      const isFile = statSync(directory, { throwIfNoEntry: false })?.isFile();
      const why = isFile ? "it is a file" : reasonOf(error);
      throw new UserError("bad-file", `${directory} cannot be a cache of verdicts: ${why}.`);
    }
  }

  /** The cached verdict of a run, or what has changed since it was made. */
  async find(run: AskedRun): Promise<KeptVerdict | CacheMiss> {
    const file = this.#fileOf(run);
    if (!existsSync(file)) return { changes: [] };
    try {
      const entry = decoded(readJson(file), file);
      const changes = changesSince(entry, run.identity);
      if (changes.length > 0) return { changes };
      const kept = entry.kept as KeptVerdict;
      const lost = await notReproduced(run.description, kept.result);
      if (lost === null) return kept;
      this.#say(`${file}: ${lost}; so the run is made again.`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const why = error.message.replace(/\.?$/, "");
      this.#say(`${why}; so it is ignored, and the run is made again.`);
    }
    return { changes: [] };
  }

  /** Stores a finished result. @throws {UserError} `bad-file` if it cannot be written. */
  keep(run: AskedRun, kept: KeptVerdict): void {
    if (!isFinished(kept.result, run.options) || !isKnown(run.identity)) return;
    const said = {
      ...({ format, version: 1, turncoat: version, node: process.version } as const),
      ...{ identity: run.identity, asked: askedOf(run) },
    };
    const entry: Entry = { ...said, checksum: checksumOf({ ...said, kept }), kept };
    writeAtomically(this.#fileOf(run), `${JSON.stringify(entry)}\n`);
  }

  #fileOf(run: AskedRun): string {
    const digest = digestOf(askedOf(run)).slice(0, 16);
    return join(this.#directory, `${fileName(run.description.protocol)}-${digest}.verdict.json`);
  }
}

/** Whether a search is finished, so that other limits would give the same result. */
export function isFinished(result: SearchResult, { maxViolations = 1, pastViolations }: RunOptions): boolean {
  const { verdict, interrupted, frontier, counterexamples, reduction } = result;
  if (interrupted || (verdict !== "holds" && verdict !== "violated")) return false;
  // After dominance finds a violation, a search looks for a shortest counterexample. Here it had no time to
  // finish.
  if (reduction === "dominance" && counterexamples.length > 0) return false;
  return frontier === 0 || (!pastViolations && counterexamples.length >= maxViolations);
}

/** What decides the result of a finished search: everything but its limits and its checkpoint file. */
function askedOf({ description, options }: AskedRun) {
  const { maxStates: _, maxSeconds: __, maxMemoryBytes: ___, maxDepth: ____, ...others } = options;
  const { checkpoint: _____, resume: ______, ...deciding } = others;
  return { setting: description, options: deciding };
}

function decoded(json: unknown, file: string): Entry {
  const result = Schema.decodeUnknownResult(Entry)(json, { onExcessProperty: "error" });
  if (Result.isFailure(result)) throw new UserError("bad-file", `${file} is no verdict of this Turncoat`);
  const { checksum, ...rest } = result.success;
  if (checksumOf(rest) !== checksum) throw new UserError("bad-file", `${file} is damaged`);
  return result.success;
}

function changesSince(entry: Entry, { parts }: Identity): string[] {
  const node = entry.node === process.version ? [] : [`Node was ${entry.node} and is ${process.version}`];
  return [...changesBetween(entry.identity.parts, parts), ...node];
}

/**
 * Replays cached counterexamples, because the parts of a module do not include what it reads while it runs.
 */
async function notReproduced(
  description: SettingDescription,
  { counterexamples }: SearchResult,
): Promise<string | null> {
  if (counterexamples.length === 0) return null;
  const setting = await settingFrom(description);
  const lost = counterexamples.find((one) => replayIn(setting, one.property, one).outcome !== "reproduced");
  return lost ? `its violation of ${lost.property} can no longer be reproduced` : null;
}

function checksumOf(said: Omit<Entry, "checksum">): string {
  const { format: _, version: __, turncoat, node, identity, asked, kept } = said;
  return digestOf({ turncoat, node, identity, asked, kept });
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
