// The random numbers of one run: a separate stream for every run of a campaign, so that any run can be made
// again without those before it. (xoroshiro128+, from the library on which fast-check is built.)

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** The random numbers of one run. */
export class Dice {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(scramble(seed));
  }

  /**
   * An integer, uniform in [0, bound), for bounds up to 2^31. (The bias for bounds below 2^12 is less than
   * 10^-6.)
   */
  below(bound: number): number {
    return (this.float() * bound) | 0;
  }

  /** Uniform in [0, 1). */
  float(): number {
    return (this.#generator.next() >>> 0) / 4294967296;
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return probability > 0 && this.float() < probability;
  }

  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** The seed of the run with this number in the campaign with this seed. */
export function seedOfRun(campaign: number, run: number): number {
  // A run's number may exceed 32 bits in a campaign of several weeks.
  return mixed(mixed(scramble(campaign), run | 0), Math.floor(run / 4294967296));
}

/** A 32-bit hash of two 32-bit integers. */
export function mixed(a: number, b: number): number {
  return scramble((a ^ Math.imul(b + 1, 0x9e3779b9)) | 0);
}

/** Decorrelates neighbouring numbers (Murmur3's finalizer). */
export function scramble(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
