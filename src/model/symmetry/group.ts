// The group of renamings (see symmetry.ts): the interchangeable replicas, the exchangeable requests, and the
// group that they generate.

import type { Json, NodeId } from "../../protocol/index.js";
import { calling } from "../errors.js";
import { digestOf, nodesOf, requestsOf, type Setting } from "../setting.js";
import { wordsBetween } from "./renaming.js";

/** Larger groups cost more than they save. */
const maxOrder = 5040;

/** Why symmetry cannot be used. */
export class SymmetryRefused extends Error {}

/** A renaming: which word takes the place of which. */
export type NameMap = ReadonlyMap<string, string>;

/** A renaming of the group, and how the generators make it. */
export interface GroupElement {
  /** Made when it is asked for: the group may be large, and few of it are used. */
  readonly words: () => NameMap;
  /** Whether it leaves all requests as they are. */
  readonly isOfReplicas: boolean;
  /** The generator that comes last, and the element before it; null for a generator itself. */
  readonly product: readonly [generator: number, before: number] | null;
}

/**
 * All renamings but the identity. Those that generate the rest, exchanges of neighbours, come first; every
 * other one is a generator after an element that stands before it.
 *
 * @throws {SymmetryRefused} if there is nothing to rename, or too much.
 */
export function renamings(setting: Setting): readonly GroupElement[] {
  const [replicas, requests] = [interchangeable(setting), exchangeableRequests(setting)];
  const order = factorial(replicas.map(({ length }) => length)) * factorial([requests.length]);
  if (order === 1) throw new SymmetryRefused("no two replicas and no two requests can be exchanged here");
  if (order > maxOrder)
    throw new SymmetryRefused(`there are ${order} renamings, and at most ${maxOrder} are tried`);
  const words = [...replicas.flat(), ...requests.flat()];
  if (new Set(words).size < words.length)
    throw new SymmetryRefused("a request has a word that is the name of a replica");
  const exchanges = [...replicas, requests].flatMap((items) =>
    items.slice(1).map((_, index) => wordsOf(items, exchangedAt(items.length, index))),
  );
  const permutations = exchanges.map((map) => words.map((word) => words.indexOf(map.get(word) ?? word)));
  const firstRequest = replicas.flat().length;
  return generatedBy(permutations).map(({ places, product }) => ({
    words: () => new Map(words.map((word, index) => [word, words[places[index]!]!])),
    isOfReplicas: places.every((place, index) => index < firstRequest || place === index),
    product,
  }));
}

/** A permutation: the place that each item goes to. */
type Permutation = readonly number[];

/** The group that these generate, without the identity, in the order of a search from the generators. */
function generatedBy(
  generators: readonly Permutation[],
): readonly (Pick<GroupElement, "product"> & { readonly places: Permutation })[] {
  const elements: { places: Permutation; product: GroupElement["product"] }[] = generators.map((places) => ({
    places,
    product: null,
  }));
  const textOf = (places: Permutation) => String.fromCharCode(...places);
  const known = new Set([textOf([...generators[0]!.keys()]), ...generators.map(textOf)]);
  for (let before = 0; before < elements.length; before++)
    for (const [generator, last] of generators.entries()) {
      const places = elements[before]!.places.map((place) => last[place]!);
      const text = textOf(places);
      if (known.has(text)) continue;
      known.add(text);
      elements.push({ places, product: [generator, before] });
    }
  return elements;
}

/** Sets of correct replicas that can be exchanged: see symmetry.ts. */
export function interchangeable({
  protocol,
  config,
  byzantine,
  bounds,
}: Setting): readonly (readonly NodeId[])[] {
  const replicas = nodesOf(protocol, config)
    .filter(({ role, id }) => role === "replica" && !byzantine.includes(id))
    .map(({ id }) => id);
  if (protocol.interchangeable) {
    const groups = calling("protocol-threw", `interchangeable() of ${protocol.name}`, () =>
      protocol.interchangeable!(config),
    );
    return groups.map((group) => group.filter((id) => replicas.includes(id)));
  }
  if (!protocol.primary) return [];
  const leaders = new Set(
    Array.from({ length: bounds.views + 1 }, (_, view) => protocol.primary!(config, view)),
  );
  return [replicas.filter((id) => !leaders.has(id))];
}

/** The words that tell one request from another, for each request; empty if they cannot be exchanged. */
export function exchangeableRequests({ protocol, config }: Setting): readonly (readonly string[])[] {
  if (config.clients) return [];
  const texts = requestsOf(protocol, config).map((request): Json => [request, digestOf(protocol, request)]);
  const [first, ...others] = texts;
  if (first === undefined || others.length === 0) return [];
  const maps = others.map((other) => wordsBetween(first, other));
  if (maps.includes(null)) return [];
  const differing = [...maps[0]!.keys()].filter((word) => maps.some((map) => map!.get(word) !== word));
  const rows = [differing, ...maps.map((map) => differing.map((word) => map!.get(word)!))];
  const isClean = new Set(rows.flat()).size === rows.length * differing.length;
  return isClean ? rows : [];
}

/** A word, or words that go together. */
type Item = string | readonly string[];

/** The order in which an item and the next have changed places. */
function exchangedAt(length: number, index: number): number[] {
  const order = Array.from({ length }, (_, item) => item);
  [order[index], order[index + 1]] = [index + 1, index];
  return order;
}

function wordsOf(items: readonly Item[], order: readonly number[]): NameMap {
  return new Map(
    order.flatMap((to, from) => {
      const [left, right] = [[items[from]!].flat(), [items[to]!].flat()];
      return left.map((word, index): [string, string] => [word, right[index]!]);
    }),
  );
}

/** Every way to permute items. */
export function permutationsOf(items: readonly Item[]): NameMap[] {
  const orders = items.reduce<number[][]>(
    (all, _, item) =>
      all.flatMap((order) => [...order.keys(), order.length].map((at) => order.toSpliced(at, 0, item))),
    [[]],
  );
  return orders.map((order) => wordsOf(items, order));
}

function factorial(sizes: readonly number[]): number {
  return sizes.reduce(
    (product, size) => product * Array.from({ length: size }, (_, i) => i + 1).reduce((a, b) => a * b, 1),
    1,
  );
}
