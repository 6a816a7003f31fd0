// A project's own suites: `turncoat.config.{ts,js,json}` in the working directory, checked against a schema so that a
// misspelt option is an error and not a default.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import { importModule } from "../catalogue/index.js";
import { suggesting } from "../model/did-you-mean.js";
import { UserError } from "../model/errors.js";
import type { Suite } from "./request.js";

const names = Schema.Array(Schema.String);
const atLeast = (least: number) => Schema.Int.check(Schema.isGreaterThanOrEqualTo(least));
const Request = Schema.Struct({
  protocol: Schema.String,
  replicas: Schema.optionalKey(atLeast(1)),
  faults: Schema.optionalKey(atLeast(0)),
  adversaries: Schema.optionalKey(names),
  byzantine: Schema.optionalKey(Schema.Union([Schema.Literal("each"), names])),
  properties: Schema.optionalKey(names),
  views: Schema.optionalKey(atLeast(0)),
  network: Schema.optionalKey(Schema.String),
  crashes: Schema.optionalKey(atLeast(0)),
  losing: Schema.optionalKey(Schema.Literals(["volatile", "unsynced", "nothing"])),
  recovery: Schema.optionalKey(Schema.Literals(["always", "maybe"])),
  requests: Schema.optionalKey(atLeast(1)),
  slots: Schema.optionalKey(atLeast(1)),
  checkpointInterval: Schema.optionalKey(atLeast(1)),
  window: Schema.optionalKey(atLeast(1)),
  batch: Schema.optionalKey(atLeast(1)),
  operations: Schema.optionalKey(atLeast(1)),
  reads: Schema.optionalKey(atLeast(0)),
  readOnly: Schema.optionalKey(Schema.Boolean),
  authentication: Schema.optionalKey(Schema.Literals(["signatures", "authenticators"])),
  clients: Schema.optionalKey(Schema.Boolean),
  reduce: Schema.optionalKey(Schema.Literals(["none", "sleep-sets", "visible-steps", "dominance"])),
  expect: Schema.optionalKey(
    Schema.Literals(["holds", "violated", "inconclusive", "vacuous", "outside", "any"]),
  ),
});
const optionNames = [...Object.keys(Request.fields), "suites", "name", "requests"];
const Config = Schema.Struct({
  suites: Schema.Array(Schema.Struct({ name: Schema.String, requests: Schema.Array(Request) })),
});

const fileNames = ["turncoat.config.ts", "turncoat.config.js", "turncoat.config.json"];

/**
 * The suites of a directory, or null if it has no configuration.
 *
 * ```ts
 * // turncoat.config.ts
 * export default {
 *   suites: [{ name: "mine", requests: [{ protocol: "./my-protocol.ts", expect: "holds" }] }],
 * };
 * ```
 * @throws {UserError} `bad-file` with the path of every problem.
 */
export async function configuredSuites(directory = "."): Promise<readonly Suite[] | null> {
  const name = fileNames.find((candidate) => existsSync(resolve(directory, candidate)));
  if (name === undefined) return null;
  const decoded = Schema.decodeUnknownResult(Config)(await load(resolve(directory, name), name), {
    errors: "all",
    onExcessProperty: "error",
  });
  if (Result.isFailure(decoded))
    throw new UserError(
      "bad-file",
      `${name} is not a configuration:\n${suggesting(decoded.failure.message, optionNames)}`,
    );
  return decoded.success.suites;
}

async function load(file: string, name: string): Promise<unknown> {
  if (!name.endsWith(".json")) return (await importModule(file, name)).default;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError("bad-file", `${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
