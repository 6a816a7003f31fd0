// Variations of messages: a message that differs from an observed one in a single field. The field has
// another observed value, a number that is one more or less, another node's name, or a message type that
// occurs in the code but was never observed.

import type { Json, NodeId } from "../protocol/index.js";

/** What is known of a protocol's messages. */
export interface Vocabulary {
  readonly ids: readonly NodeId[];
  /** Values that were heard, by path. */
  readonly values: ReadonlyMap<string, readonly Json[]>;
  /** What clients ask for. */
  readonly requests: readonly Json[];
  /** Strings that the code compares with: labels of `case`, in the order of the source. */
  readonly labels: readonly string[];
}

/** The vocabulary of some messages. */
export function vocabularyOf(
  messages: readonly Json[],
  ids: readonly NodeId[],
  labels: readonly string[],
  requests: readonly Json[],
): Vocabulary {
  const values = new Map<string, Map<string, Json>>();
  for (const message of messages)
    visit(message, "", (path, value) => {
      const known = values.get(path) ?? new Map<string, Json>();
      known.set(JSON.stringify(value), value);
      values.set(path, known);
    });
  return {
    ids,
    labels,
    requests,
    values: new Map([...values].map(([path, known]) => [path, [...known.values()]])),
  };
}

/** Everything that differs from a message in one field. */
export function variationsOf(message: Json, vocabulary: Vocabulary): readonly Json[] {
  const found = new Map<string, Json>();
  const original = JSON.stringify(message);
  visit(message, "", (path, value, keys) => {
    for (const other of othersThan(path, value, vocabulary)) {
      const varied = replaced(message, keys, other);
      const text = JSON.stringify(varied);
      if (text !== original) found.set(text, varied);
    }
  });
  return [...found.values()];
}

function othersThan(
  path: string,
  value: Json,
  { ids, values, labels, requests }: Vocabulary,
): readonly Json[] {
  const heard = values.get(path) ?? [];
  if (typeof value === "number") return [...heard, value + 1, ...(value > 0 ? [value - 1] : [])];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "string" && ids.includes(value)) return ids;
  if (requests.includes(value)) return [...requests, ...heard];
  // A field of which all values are labels says what kind of message it is.
  if (typeof value === "string" && heard.every((one) => typeof one === "string" && labels.includes(one)))
    return [...new Set([...labels, ...heard])];
  return heard;
}

/** Calls `leaf` for each scalar; items of arrays share one path. */
function visit(
  value: Json,
  path: string,
  leaf: (path: string, value: Json, keys: readonly (string | number)[]) => void,
  keys: readonly (string | number)[] = [],
): void {
  if (typeof value !== "object" || value === null) leaf(path, value, keys);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) visit(item, `${path}[]`, leaf, [...keys, index]);
  else
    for (const [name, item] of Object.entries(value)) visit(item, `${path}.${name}`, leaf, [...keys, name]);
}

function replaced(value: Json, [key, ...rest]: readonly (string | number)[], by: Json): Json {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  return { ...(value as object), [key]: replaced((value as Record<string, Json>)[key]!, rest, by) };
}
