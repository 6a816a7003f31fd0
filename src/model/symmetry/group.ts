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

/**
 * All renamings but the identity, and those among them that generate the rest: exchanges of neighbours.
 *
 * @throws {SymmetryRefused} if there is nothing to rename, or too much.
 */
export function renamings(setting: Setting): {
  readonly all: readonly NameMap[];
  readonly generators: readonly NameMap[];
} {
  const [replicas, requests] = [interchangeable(setting), exchangeableRequests(setting)];
  const order = factorial(replicas.map(({ length }) => length)) * factorial([requests.length]);
  if (order === 1) throw new SymmetryRefused("no two replicas and no two requests can be exchanged here");
  if (order > maxOrder)
    throw new SymmetryRefused(`there are ${order} renamings, and at most ${maxOrder} are tried`);
  const words = [...replicas.flat(), ...requests.flat()];
  if (new Set(words).size < words.length)
    throw new SymmetryRefused("a request has a word that is the name of a replica");
  const identity: NameMap = new Map();
  const products = [...replicas.map(permutationsOf), permutationsOf(requests)].reduce<NameMap[]>(
    (products, factor) => products.flatMap((left) => factor.map((right) => new Map([...left, ...right]))),
    [identity],
  );
  const all = new Map(products.map((product) => [movedBy(product), product]));
  all.delete("");
  const generators = [...replicas, requests].flatMap((items) =>
    items.slice(1).map((_, index) => all.get(movedBy(exchange(items, index, index + 1)))!),
  );
  return { all: [...all.values()], generators };
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

/** The words that are renamed, and how, in order: equal for equal renamings. */
function movedBy(words: NameMap): string {
  const moved = [...words].filter(([from, to]) => from !== to).map((pair) => pair.join(" "));
  return moved.sort().join();
}

function exchange(items: readonly Item[], a: number, b: number): NameMap {
  const order = items.map((_, index) => (index === a ? b : index === b ? a : index));
  return wordsOf(items, order);
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
