// Random access into a shuffled range: the i-th of the numbers 0..size-1 in an order given by a seed,
// computed without storing the order. Scenarios are sampled with it without replacement, by independent
// workers. (A four-round Feistel network over the next power of four, iterated until it falls into the range:
// Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002.)

import { mixed } from "./dice.js";

/** The number at `index` (0 <= index < size) of the shuffled range. `size` is at most 2^52. */
export function shuffled(index: number, size: number, seed: number): number {
  let halfBits = 1;
  while (4 ** halfBits < size) halfBits++;
  const half = 2 ** halfBits;
  let value = index;
  do {
    let left = Math.floor(value / half);
    let right = value % half;
    for (let round = 0; round < 4; round++)
      [left, right] = [right, (left + (mixed(mixed(seed, round), right) >>> 0)) % half];
    value = left * half + right;
  } while (value >= size);
  return value;
}
