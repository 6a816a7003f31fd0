// What the values of a field look like: a counter, a log, votes in order of arrival, messages that wait. Each has its own remedy.

import type { Json } from "../../protocol/index.js";
import { at, different, gainOf, isRecord, type Place } from "./places.js";

/**
 * `messages`: whole messages that nodes have sent, or that came. `log`: a list that only grows at its end. `order`: a list whose items
 * stand in different orders. `counter`: whole numbers, more than the bounds of the run explain. `voters`: names of nodes, and nothing
 * else. `subsets`: many of the subsets of a few items. `values`: anything else.
 */
export type Pattern = "messages" | "log" | "order" | "counter" | "voters" | "subsets" | "values";

/** A field, what its values look like, and by how much fewer different records there would be without that. */
export interface Finding {
  readonly place: Place;
  readonly pattern: Pattern;
  readonly gain: number;
  /** How many different values the field has. */
  readonly values: number;
  /** The most items of a list, the greatest number of a counter; 0 otherwise. */
  readonly most: number;
}

/** What is known about the run in which the values occur. */
export interface Surroundings {
  readonly nodes: ReadonlySet<string>;
  /** Numbers up to this one are explained by the bounds: views, slots, requests, nodes. */
  readonly limit: number;
  /** Whether a value is a message of the run. */
  readonly isMessage: (value: Json) => boolean;
}

/** Less than this is no blow-up. */
export const noticeable = 1.2;

/** So many different values make a counter, a log, subsets, or anything worth a sentence. */
export const several = 5;

/** What a field of these records looks like. */
export function findingAt(records: readonly Json[], place: Place, run: Surroundings): Finding {
  const texts = new Set<string>();
  const values: Json[] = [];
  for (const record of records) {
    const value = at(record, place);
    if (value === undefined || texts.size === texts.add(JSON.stringify(value)).size) continue;
    values.push(value);
  }
  const without = () => gainOf(records, [place], () => undefined);
  const found = (pattern: Pattern, gain: number, most = 0): Finding => ({
    ...{ place, pattern, gain, most },
    values: values.length,
  });
  const longest = Math.max(0, ...values.map((value) => itemsOf(value).length));
  if (longest > 1 && holdsMessages(values, run)) return found("messages", without(), longest);
  const sorted = gainOf(records, [place], inOneOrder);
  if (sorted >= noticeable) return found("order", sorted, longest);
  if (isLog(values)) return found("log", without(), longest);
  const greatest = Math.max(0, ...values.map((value) => (Number.isInteger(value) ? (value as number) : 0)));
  if (isCounter(values, run)) return found("counter", without(), greatest);
  if (longest > 1) {
    const nameless = (value: Json) => inOneOrder(withoutNames(value, run.nodes));
    const gain = gainOf(records, [place], nameless);
    // Without the names there is left how many they are, and nothing else.
    if (gain >= noticeable && different(values.map(nameless)) <= longest + 1)
      return found("voters", gain, longest);
  }
  return found(areSubsets(values) ? "subsets" : "values", without(), longest);
}

function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isRecord(value) ? Object.values(value) : [];
}

/** Items that are messages, or records with a message in them. */
function holdsMessages(values: readonly Json[], { isMessage }: Surroundings): boolean {
  const items = new Map(
    values.flatMap((value) => itemsOf(value)).map((item) => [JSON.stringify(item), item] as const),
  );
  const isOne = (item: Json) => isMessage(item) || (isRecord(item) && Object.values(item).some(isMessage));
  return items.size > 1 && [...items.values()].filter(isOne).length > items.size / 2;
}

/** Lists at all depths in one order. */
function inOneOrder(value: Json): Json {
  if (Array.isArray(value))
    return (value as readonly Json[])
      .map(inOneOrder)
      .map((item) => [JSON.stringify(item), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, item]) => item);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inOneOrder(item)]));
}

/** Each value is another one with one more item at its end, and of each length there are few: not the subsets of a set. */
function isLog(values: readonly Json[]): boolean {
  const lists = values.filter((value): value is readonly Json[] => Array.isArray(value));
  if (lists.length < values.length || lists.length < several) return false;
  const texts = new Set(lists.map((list) => JSON.stringify(list)));
  const grown = lists.filter((list) => list.length > 0 && texts.has(JSON.stringify(list.slice(0, -1))));
  if (grown.length < lists.length - 2) return false;
  const firsts = new Set(lists.flatMap((list) => (list.length > 0 ? [JSON.stringify(list[0])] : [])));
  const items = new Set(lists.flat().map((item) => JSON.stringify(item)));
  return firsts.size <= items.size / 2;
}

function isCounter(values: readonly Json[], { limit }: Surroundings): boolean {
  return values.length >= several && values.length > limit + 1 && values.every(Number.isInteger);
}

function withoutNames(value: Json, nodes: ReadonlySet<string>): Json {
  if (typeof value === "string") return nodes.has(value) ? "*" : value;
  if (Array.isArray(value)) return value.map((item) => withoutNames(item as Json, nodes));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  // A map from names: which name has which value is left out, too.
  if (entries.length > 0 && entries.every(([name]) => nodes.has(name)))
    return entries.map(([, item]) => withoutNames(item, nodes));
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutNames(item, nodes)]));
}

function areSubsets(values: readonly Json[]): boolean {
  const lists = values.filter((value): value is readonly Json[] => Array.isArray(value));
  const items = new Set(lists.flat().map((item) => JSON.stringify(item)));
  return lists.length === values.length && lists.length >= several && lists.length > 2 * items.size;
}
