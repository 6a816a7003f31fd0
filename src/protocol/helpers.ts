// What almost every protocol needs: sizes of quorums, a leader for each view, and sets of plain values.

import { type Config, type NodeId, replicaIds } from "./node.js";

/**
 * So many replicas that any two such sets share a correct one, if f are Byzantine: floor((n+f)/2)+1.
 *
 * ```ts
 * quorum({ replicas: 4, faults: 1 }) // => 3
 * ```
 */
export function quorum({ replicas, faults }: Pick<Config, "replicas" | "faults">): number {
  return Math.floor((replicas + faults) / 2) + 1;
}

/**
 * So many replicas that one of them is correct: f+1.
 *
 * ```ts
 * weakQuorum({ faults: 1 }) // => 2
 * ```
 */
export function weakQuorum({ faults }: Pick<Config, "faults">): number {
  return faults + 1;
}

/**
 * So many replicas that any two such sets share one: floor(n/2)+1. Enough where nobody lies.
 *
 * ```ts
 * majority({ replicas: 4 }) // => 3
 * ```
 */
export function majority({ replicas }: Pick<Config, "replicas">): number {
  return Math.floor(replicas / 2) + 1;
}

/**
 * The replica that leads a view where they take turns. A view that is none, as a Byzantine node may name one, is led by nobody.
 *
 * ```ts
 * inTurn({ replicas: 4 }, 5) // => "r1"
 * ```
 */
export function inTurn(config: Pick<Config, "replicas">, view: number): NodeId {
  return replicaIds(config)[view % config.replicas] ?? `r${view % config.replicas}`;
}

/**
 * Whether two plain values say the same; the order of their fields means nothing.
 *
 * ```ts
 * equal({ from: "r0", block: [1] }, { block: [1], from: "r0" }) // => true
 * ```
 */
export function equal(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  if (one === other) return true;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), other as { readonly [field: string]: unknown }];
  return (
    left.length === Object.keys(other).length &&
    left.every(([field, value]) => Object.hasOwn(right, field) && equal(value, right[field]))
  );
}

/**
 * Whether something equal is in a list.
 *
 * ```ts
 * has([{ from: "r0" }], { from: "r0" }) // => true
 * ```
 */
export function has<T>(items: readonly T[], item: T): boolean {
  return items.some((other) => equal(other, item));
}

/**
 * The list with this at its end; the very same list if something equal is in it already.
 *
 * ```ts
 * including(["r0"], "r1") // => ["r0", "r1"]
 * ```
 */
export function including<T>(items: readonly T[], item: T): readonly T[] {
  return has(items, item) ? items : [...items, item];
}
