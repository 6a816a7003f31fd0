// The collections of statements that a Byzantine replica can prove: every choice among what correct nodes
// have signed and what it or a colluder can sign, if enough distinct nodes have signed.

import { type Collection, collection, type Knowledge, type NodeId } from "../src/protocol/index.js";

/** All collections of up to `atLeast` of these bodies that can be proven. */
export function provableCollections<Body extends object>(
  knowledge: Knowledge,
  bodies: readonly Body[],
  atLeast: number,
  among: readonly NodeId[],
): Collection<Body>[] {
  const distinct = [...new Map(bodies.map((body) => [JSON.stringify(body), body]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, body]) => body);
  const sets: Body[][] = [[]];
  for (const body of distinct)
    sets.push(...sets.filter((set) => set.length < atLeast).map((set) => [...set, body]));
  return sets
    .filter((set) => set.length > 0)
    .map((set) => collection(set, atLeast, among))
    .filter((set) => knowledge.canProve(set));
}

/** The integers from `from` to `to`, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
