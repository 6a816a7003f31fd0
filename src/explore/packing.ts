// Hot file: how a vector of small integers stands in fewer words. Each position has as many bits as its largest value so
// far needed, rounded up; a position never crosses a word. Typical vectors take a third of their plain size, and what is
// smaller is also faster, since the visited set is bound by memory.

/** Widths grow in steps of so many bits: a position is widened rarely. */
const step = 4;
const narrowestBits = 8;

/** See the file comment. Immutable. */
export class Packing {
  /** How many 32-bit words a packed vector takes. */
  readonly words: number;
  readonly #bits: readonly number[];
  readonly #word: Int32Array;
  readonly #shift: Int32Array;
  readonly #mask: Int32Array;

  private constructor(bits: readonly number[]) {
    this.#bits = bits;
    const width = bits.length;
    this.#word = new Int32Array(width);
    this.#shift = new Int32Array(width);
    this.#mask = Int32Array.from(bits, (count) => (count === 32 ? -1 : (1 << count) - 1));
    const free: number[] = []; // bits left in each word
    for (const position of bits.map((_, at) => at).sort((a, b) => bits[b]! - bits[a]!)) {
      let word = free.findIndex((left) => left >= bits[position]!);
      if (word < 0) word = free.push(32) - 1;
      this.#word[position] = word;
      this.#shift[position] = 32 - free[word]!;
      free[word]! -= bits[position]!;
    }
    this.words = Math.max(1, free.length);
  }

  /** The packing to begin with. */
  static narrowest(width: number): Packing {
    return new Packing(new Array<number>(width).fill(narrowestBits));
  }

  /** Whether every value of the vector has room. */
  fits(vector: Int32Array): boolean {
    const mask = this.#mask;
    for (let at = 0; at < mask.length; at++) {
      const value = vector[at] as number;
      if ((value & (mask[at] as number)) !== value) return false;
    }
    return true;
  }

  /** A packing in which the vector has room as well. */
  widenedFor(vector: Int32Array): Packing {
    return new Packing(
      this.#bits.map((bits, at) => {
        const needed = 32 - Math.clz32(vector[at]!);
        return Math.min(32, Math.max(bits, Math.ceil(needed / step) * step));
      }),
    );
  }

  /** Writes a vector that fits into `words` words of `items`. */
  pack(vector: Int32Array, items: Int32Array, offset: number): void {
    const word = this.#word;
    const shift = this.#shift;
    for (let at = 0; at < this.words; at++) items[offset + at] = 0;
    for (let at = 0; at < word.length; at++)
      (items[offset + (word[at] as number)] as number) |= (vector[at] as number) << (shift[at] as number);
  }

  /** The inverse of {@link pack}. */
  unpack(items: Int32Array, offset: number, into: Int32Array): void {
    const word = this.#word;
    const shift = this.#shift;
    const mask = this.#mask;
    for (let at = 0; at < word.length; at++)
      into[at] =
        ((items[offset + (word[at] as number)] as number) >>> (shift[at] as number)) & (mask[at] as number);
  }
}
