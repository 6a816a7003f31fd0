// An arbitrary of adversaries, for properties that have to hold under each of several.

import * as fc from "fast-check";
import type { Adversary } from "../protocol/index.js";

/**
 * One of these adversaries. It shrinks to the weaker ones, and among those of equal strength to the first.
 *
 * ```ts
 * const { adversaries } = await findProtocol("pbft");
 * fc.sample(adversary(adversaries.slice(0, 1)), 1)[0].name // => "silent"
 * ```
 * @throws {Error} of fast-check's if there are none.
 */
export function adversary<Message>(among: readonly Adversary<Message>[]): fc.Arbitrary<Adversary<Message>> {
  return fc.constantFrom(...among.toSorted((a, b) => a.strength - b.strength));
}
