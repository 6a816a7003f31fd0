// Reads others' records: JSON lines, a JSON list, ITF as Quint and Apalache write it, and the counterexamples of TLC.

import { parseJson, readText } from "../../files/json.js";
import { UserError } from "../../model/errors.js";
import type { Json } from "../../protocol/index.js";
import { isOwn, ownValue } from "./own-itf.js";

/** A record of somebody else's, and where it stands. */
export interface ForeignRecord {
  readonly record: Json;
  readonly place: string;
}

interface JsonObject {
  readonly [field: string]: Json;
}

/** All records of some files, in their order. @throws {UserError} `bad-file` with the line that cannot be read. */
export function readForeign(files: readonly string[]): ForeignRecord[] {
  const records = files.flatMap((file) => foreignRecords(readText(file), file));
  if (records.length === 0) throw new UserError("bad-file", `${files.join(", ")}: there is no record in it.`);
  return records;
}

/** The records of a text; `file` names it. */
export function foreignRecords(text: string, file: string): ForeignRecord[] {
  const whole = wholeJson(text);
  if (whole === undefined)
    return text.split(/\r?\n/).flatMap((line, index) => {
      const place = `line ${index + 1} of ${file}`;
      return line.trim() === "" ? [] : [{ record: parseJson(line, place) as Json, place }];
    });
  const states = itfStates(whole, file) ?? tlcStates(whole);
  if (states !== null) return states.map((record, index) => ({ record, place: `state ${index} of ${file}` }));
  if (Array.isArray(whole))
    return whole.map((record, index) => ({
      record: record as Json,
      place: `record ${index + 1} of ${file}`,
    }));
  return [{ record: whole, place: `line 1 of ${file}` }];
}

/** The text as one document; undefined if it is several lines of JSON. */
function wholeJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The states of an ITF trace (ADR-015 of Apalache), in plain JSON; of one that Turncoat has written as they were. */
function itfStates(whole: Json, file: string): JsonObject[] | null {
  const { vars, states, "#meta": meta } = whole as JsonObject;
  if (!Array.isArray(vars) || !Array.isArray(states)) return null;
  if (isOwn(meta)) return states.map((state) => ownValue(state as Json) as JsonObject);
  return states.map((state, index) => stateOf(state as Json, vars as string[], `state ${index} of ${file}`));
}

/** A state of ITF in plain JSON. @throws {UserError} `bad-file` if it is no record, or a variable is not in it. */
function stateOf(state: Json, vars: readonly string[], place: string): JsonObject {
  const value = plain(state, place);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UserError("bad-file", `${place} is no record of variables, but ${JSON.stringify(value)}.`);
  const fields = value as JsonObject;
  const missing = vars.filter((name) => !Object.hasOwn(fields, name));
  if (missing.length > 0)
    throw new UserError(
      "bad-file",
      `${place} has no value of ${missing.join(", ")}, which the "vars" of the file list. If Quint wrote it: the action that led there sets no next value (${missing.map((name) => `${name}' = ${name}`).join(", ")} keeps the present one).`,
    );
  return fields;
}

/**
 * A value of ITF in plain JSON: sets and tuples are lists, maps with texts or numbers as keys are objects (others lists of pairs), a large
 * number that is safe is a number.
 */
export function plain(value: Json, place: string): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => plain(item as Json, place));
  const fields = value as JsonObject;
  const big = fields["#bigint"];
  if (typeof big === "string") {
    if (Number.isSafeInteger(Number(big))) return Number(big);
    throw new UserError("bad-file", `${place} has the number ${big}, which is too large to be kept exactly.`);
  }
  for (const kind of ["#tup", "#set"]) if (Array.isArray(fields[kind])) return plain(fields[kind]!, place);
  const map = fields["#map"];
  if (Array.isArray(map)) {
    const pairs = map.map((pair) => plain(pair as Json, place) as [Json, Json]);
    const seen = new Set<string>();
    for (const [key] of pairs) {
      const text = typeof key === "string" ? key : JSON.stringify(key);
      if (seen.has(text))
        throw new UserError("bad-file", `${place} has a map with two values for the key ${text}.`);
      seen.add(text);
    }
    if (pairs.every(([key]) => typeof key === "string" || typeof key === "number"))
      return Object.fromEntries(pairs.map(([key, item]) => [String(key), item]));
    return pairs;
  }
  if (fields["#unserializable"] !== undefined)
    throw new UserError(
      "bad-file",
      `${place} has a value that its writer could not say: ${JSON.stringify(fields["#unserializable"])}.`,
    );
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, plain(item, place)]));
}

/**
 * The states of a counterexample of TLC (`-dumpTrace json`): `state` has pairs of a number and a state, `action` has what led from one to the next.
 * A state gets the name of the action before it as `action`, and its `parameters`. Null if it is none.
 */
function tlcStates(whole: Json): JsonObject[] | null {
  const { state, action = [] } = ((whole as JsonObject | null)?.counterexample ?? whole ?? {}) as {
    readonly state?: Json;
    readonly action?: Json;
  };
  if (!Array.isArray(state) || !Array.isArray(action)) return null;
  const pairs = state as readonly [number, JsonObject][];
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "number"))
    return null;
  const actions = action as readonly (readonly [Json, JsonObject, readonly [number, Json]])[];
  return pairs
    .toSorted(([a], [b]) => a - b)
    .map(([number, fields]) => {
      const led = actions.find(([, , to]) => to?.[0] === number)?.[1];
      const { name = null, ...rest } = led ?? {};
      return { ...fields, action: name, parameters: rest.parameters ?? rest.parameter ?? null };
    });
}
