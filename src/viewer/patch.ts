// Differences of JSON values: what to change in one to get the other. Stories keep the states of nodes as such patches, and the page
// marks what a step has changed. Parts that stay the same keep their identity, so that the page finds what has changed by `===`.

import type { Json } from "../protocol/schema.js";

/** Where in a value: keys of objects and indices of arrays. */
export type Path = readonly (string | number)[];

/** One change: sets a value (`=`), removes a key or an element (`-`), or inserts an element before an index (`+`). */
export type Change = readonly ["=", Path, Json] | readonly ["+", Path, Json] | readonly ["-", Path];

/** Changes, to be made one after the other. */
export type Patch = readonly Change[];

type JsonObject = { readonly [key: string]: Json };

/** Longer arrays are not aligned, but replaced as a whole: it takes the product of the lengths. */
const longestAligned = 400;

/** What makes `after` of `before`. */
export function diff(before: Json, after: Json): Patch {
  const changes: Change[] = [];
  compare(before, after, [], changes);
  return changes;
}

function compare(before: Json, after: Json, path: Path, changes: Change[]): void {
  if (isEqual(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    let at = 0;
    for (const [left, right] of aligned(before, after)) {
      if (right === null) changes.push(["-", [...path, at]]);
      else if (left === null) changes.push(["+", [...path, at++], after[right] as Json]);
      else compare(before[left] as Json, after[right] as Json, [...path, at++], changes);
    }
  } else if (isObject(before) && isObject(after)) {
    for (const key of Object.keys(before))
      if (!Object.hasOwn(after, key)) changes.push(["-", [...path, key]]);
    for (const [key, value] of Object.entries(after)) {
      if (Object.hasOwn(before, key)) compare(before[key] as Json, value, [...path, key], changes);
      else changes.push(["=", [...path, key], value]);
    }
  } else changes.push(["=", path, after]);
}

/**
 * Pairs the elements of two arrays, in order: `[i, j]` is the same element, perhaps with other contents; `[i, null]` was removed,
 * `[null, j]` is new. Equal elements are paired first (a longest common subsequence), and what lies between them one by one.
 */
export function aligned(
  before: readonly Json[],
  after: readonly Json[],
): (readonly [number, null] | readonly [null, number] | readonly [number, number])[] {
  const pairs: (readonly [number, null] | readonly [null, number] | readonly [number, number])[] = [];
  const gap = (i: number, j: number, endI: number, endJ: number) => {
    for (; i < endI || j < endJ; i++, j++)
      if (i >= endI) pairs.push([null, j]);
      else pairs.push(j >= endJ ? [i, null] : [i, j]);
  };
  let [i, j] = [0, 0];
  for (const [left, right] of commonElements(before, after)) {
    gap(i, j, left, right);
    pairs.push([left, right]);
    [i, j] = [left + 1, right + 1];
  }
  gap(i, j, before.length, after.length);
  return pairs;
}

/** The indices of a longest common subsequence. */
function commonElements(before: readonly Json[], after: readonly Json[]): [number, number][] {
  if (before.length > longestAligned || after.length > longestAligned) return [];
  const [a, b] = [before.map(textOf), after.map(textOf)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const common: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; )
    if (a[i] === b[j]) common.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  return common;
}

/** The value with these changes made; parts that are not concerned are those of the given one. */
export function patched(value: Json, patch: Patch): Json {
  return patch.reduce((current, change) => changed(current, change, 0), value);
}

function changed(value: Json, change: Change, depth: number): Json {
  const [kind, path] = change;
  if (depth === path.length) return change[2] as Json;
  const key = path[depth]!;
  const isLast = depth === path.length - 1;
  if (Array.isArray(value)) {
    const copy = [...value] as Json[];
    if (isLast && kind === "+") copy.splice(key as number, 0, change[2]);
    else if (isLast && kind === "-") copy.splice(key as number, 1);
    else copy[key as number] = changed(copy[key as number] as Json, change, depth + 1);
    return copy;
  }
  const entries = Object.entries(value as JsonObject).filter(
    ([name]) => !(isLast && kind === "-" && name === key),
  );
  const copy = Object.fromEntries(entries) as Record<string, Json>; // an own field even for "__proto__"
  if (isLast && kind === "-") return copy;
  const inner = Object.hasOwn(copy, key) ? (copy[key] as Json) : null;
  Object.defineProperty(copy, key, {
    value: changed(inner, change, depth + 1),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

/** Whether a value has named fields. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal values; the order of keys counts, since states are canonical. */
export function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return textOf(a) === textOf(b);
}

function textOf(value: Json): string {
  return JSON.stringify(value);
}
