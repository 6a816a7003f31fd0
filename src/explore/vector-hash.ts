// The hash of a state's vector: the sum of its values, each times a constant of its position, then mixed. It does not depend on how vectors are
// packed. So a table whose vectors are packed anew keeps every vector at its place, and the hash of a successor follows from that of the state:
// one product for each value that differs.

import type { Packing } from "./packing.js";

/** Hashes of vectors of one width. */
export class VectorHash {
  /** By position: odd, and without pattern. */
  readonly factors: Int32Array;

  constructor(width: number) {
    this.factors = Int32Array.from({ length: width }, (_, at) => mixed(Math.imul(at + 1, 0x9e3779b1)) | 1);
  }

  /** The sum for the vector that begins at `from`. */
  sum(vectors: Int32Array, from: number): number {
    const { factors } = this;
    let sum = 0;
    for (let at = 0; at < factors.length; at++)
      sum = (sum + Math.imul(vectors[from + at] as number, factors[at] as number)) | 0;
    return sum;
  }

  /** The hash of a packed vector that begins at `from`. */
  ofPacked(packing: Packing, items: Int32Array, from: number): number {
    const { word, shift, mask } = packing;
    const { factors } = this;
    let sum = 0;
    for (let at = 0; at < factors.length; at++) {
      const value =
        ((items[from + (word[at] as number)] as number) >>> (shift[at] as number)) & (mask[at] as number);
      sum = (sum + Math.imul(value, factors[at] as number)) | 0;
    }
    return mixed(sum);
  }
}

/** Mixes the bits of a sum. The first bits depend on all. */
export function mixed(sum: number): number {
  const hash = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return Math.imul(hash ^ (hash >>> 13), 0x846ca68b);
}
