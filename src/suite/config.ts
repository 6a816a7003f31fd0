// A project's own suites: `turncoat.config.{ts,js,json}` in the working directory, checked against a schema so that a
// misspelt option is an error and not a default.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as Schema from "effect/Schema";
import { importModule } from "../catalogue/index.js";
import { document } from "../files/document.js";
import { parseJson, readText } from "../files/json.js";
import { askedSchemas } from "../parameters/schemas.js";
import { parameters } from "../parameters/search.js";
import type { Suite } from "./request.js";

/** The schema of a {@link CheckRequest}. */
export const RequestSchema = Schema.Struct({
  protocol: Schema.String,
  ...askedSchemas(parameters),
  reduce: Schema.optionalKey(Schema.Literals(["none", "sleep-sets", "visible-steps", "dominance"])),
  expect: Schema.optionalKey(
    Schema.Literals(["holds", "violated", "inconclusive", "vacuous", "outside", "any"]),
  ),
});
const optionNames = [...Object.keys(RequestSchema.fields), "suites", "name", "requests"];
export const ConfigSchema = Schema.Struct({
  suites: Schema.Array(Schema.Struct({ name: Schema.String, requests: Schema.Array(RequestSchema) })),
});

/** The names of a configuration. The first that exists is used. */
export const configFileNames = ["turncoat.config.ts", "turncoat.config.js", "turncoat.config.json"];

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
  const name = configFileNames.find((candidate) => existsSync(resolve(directory, candidate)));
  if (name === undefined) return null;
  const json = await load(resolve(directory, name), name);
  return document(ConfigSchema, json, `${name} is not a configuration`, optionNames, inlineAdvice).suites;
}

/**
 * What to write for an object that stands in place of its name. It has to be loaded again by whoever only has the names: threads, replays,
 * verdicts that are kept.
 */
function inlineAdvice(path: readonly PropertyKey[], found: unknown): string | null {
  if (typeof found !== "object" || found === null) return null;
  const { name } = found as { readonly name?: unknown };
  const field = path.findLast((key) => typeof key === "string");
  if (field === "protocol")
    return 'is the protocol itself: write the path of the module that exports it by default, as in protocol: "./my-protocol.ts"';
  if (field !== "properties" && field !== "adversaries") return null;
  const one = field === "properties" ? "property" : "adversary";
  const text = typeof name === "string" ? JSON.stringify(name) : "its name";
  return (
    `is the ${one} itself: write ${text} here, and in the protocol's module ` +
    `export const ${field} = [...] with it, from where traces and threads load it, too`
  );
}

async function load(file: string, name: string): Promise<unknown> {
  if (!name.endsWith(".json")) return (await importModule(file, name)).default;
  return parseJson(readText(file), name);
}
