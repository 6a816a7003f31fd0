// The corpus file: recipes that earlier campaigns have learned, for later ones to begin with (`turncoat fuzz
// --corpus FILE`). It has a record for each setting, strategy and number of actions, because a recipe is
// valid only for these. Other records are left unchanged.

import { existsSync } from "node:fs";
import * as Schema from "effect/Schema";
import type { SettingDescription } from "../catalogue/index.js";
import { writeAtomically } from "../files/atomic.js";
import { document } from "../files/document.js";
import { readJson } from "../files/json.js";
import type { Identity } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { IdentitySchema } from "../identity/schema.js";
import { UserError } from "../model/errors.js";
import { Trace } from "../trace/schema.js";
import { version } from "../version.js";
import { isPath } from "./lineage.js";
import { allRecipes, type Recipe } from "./recipes.js";

const formatName = "turncoat-fuzz-corpus";

/** A recipe in a file. */
export const RecipeSchema = Schema.Struct({
  situation: Schema.Int,
  path: Schema.String.check(Schema.makeFilter((text) => isPath(text) || "this is not the path of a run")),
  events: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
});

const File = Schema.Struct({
  format: Schema.Literal(formatName),
  version: Schema.Literal(1),
  /** The version of Turncoat that wrote the file: another version makes other runs. */
  turncoat: Schema.String,
  records: Schema.Array(
    Schema.Struct({
      setting: Trace.fields.setting,
      identity: Schema.optionalKey(IdentitySchema), // not in files of earlier versions
      ...{ strategy: Schema.String, maxActions: Schema.Int },
      recipes: Schema.Array(RecipeSchema),
    }),
  ),
});

/** The recipes of one kind of campaign. */
export interface CorpusRecord {
  readonly setting: SettingDescription;
  /** The identity of the protocol's code; default: unknown. */
  readonly identity?: Identity | undefined;
  readonly strategy: string;
  readonly maxActions: number;
  readonly recipes: readonly Recipe[];
}

/** The campaigns that a record is for. */
export type CorpusKey = Omit<CorpusRecord, "recipes" | "identity">;

const inOrder = Schema.decodeUnknownSync(Trace.fields.setting); // of the schema's keys, as in what is read

function keyOf({ setting, strategy, maxActions }: CorpusKey): string {
  return JSON.stringify([inOrder(setting), strategy, maxActions]);
}

/** The record of a kind of campaign, or null. */
export function recordOf(records: readonly CorpusRecord[], key: CorpusKey): CorpusRecord | null {
  return records.find((record) => keyOf(record) === keyOf(key)) ?? null;
}

/**
 * The records with more recipes in some of them.
 *
 * @throws {UserError} `bad-file` if a record is of other code, for which its recipes are not valid.
 */
function withRecipes(
  records: readonly CorpusRecord[],
  more: readonly CorpusRecord[],
): readonly CorpusRecord[] {
  const byKey = new Map<string, CorpusRecord>();
  for (const record of [...records, ...more]) {
    const key = keyOf(record);
    const known = byKey.get(key);
    if (known?.identity && record.identity)
      refuseOtherCode("The corpus", known.identity, record.identity.parts);
    const recipes = allRecipes(known?.recipes ?? [], record.recipes);
    byKey.set(key, { ...known, ...record, setting: inOrder(record.setting) as SettingDescription, recipes });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

/**
 * Reads a file; a missing file has no records.
 *
 * @throws {UserError} `bad-file` if it is something else, damaged, or of another version.
 */
export async function readCorpus(file: string): Promise<readonly CorpusRecord[]> {
  if (!existsSync(file)) return [];
  const json = readJson(file);
  const { turncoat, records } = document(File, json, `${file} is not a fuzz corpus that can be read`);
  if (turncoat !== version)
    throw new UserError(
      "bad-file",
      `${file} was written by Turncoat ${turncoat}; the runs of ${version} are others. Begin with another file.`,
    );
  return records as readonly CorpusRecord[];
}

/** Adds records to a file, and keeps what others have written meanwhile. */
export async function addToCorpus(file: string, more: readonly CorpusRecord[]): Promise<void> {
  const records = withRecipes(await readCorpus(file), more);
  const text = JSON.stringify({ format: formatName, version: 1, turncoat: version, records }, null, 1);
  writeAtomically(file, `${text}\n`);
}
