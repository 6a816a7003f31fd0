// A simulation's random numbers: one seed, and from it an independent stream for each purpose. So (say) a
// higher drop rate does not change the delays of the messages that still arrive.

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Random } from "../protocol/index.js";

/** The purposes of streams. The numbers are part of a seed's meaning: never reuse one. */
export const purpose = { delay: 1, loss: 2, choice: 3, placement: 4, adversary: 5, timers: 6 } as const;

/** The stream of a seed for one purpose; `index` tells several of one purpose apart. */
export function randomFor(seed: number, what: number, index = 0): Random {
  const generator = xoroshiro128plus(scramble(scramble(seed, what), index));
  return {
    float: () => (generator.next() >>> 0) / 2 ** 32,
    below: (bound) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * bound),
  };
}

/** Decorrelates neighbouring seeds (Murmur3's finalizer). */
function scramble(seed: number, by: number): number {
  let hash = (seed ^ Math.imul(by + 1, 0x9e3779b9)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/** A sample of `count` of the items, in the items' order. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const places = items.map((_, index) => index);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(places.length - i);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((place) => items[place]!);
}

/** Normally distributed with mean 0 and standard deviation 1 (Box and Muller, 1958). */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.float()));
  return radius * Math.cos(2 * Math.PI * random.float());
}
