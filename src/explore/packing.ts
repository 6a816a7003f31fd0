// Hot file: how a vector of small integers stands in fewer words. Each position has as many bits as its
// largest value so far needed, and a little room to grow; a position never crosses a word. Typical vectors
// take a fifth of their plain size, and what is smaller is also faster, since the visited set is bound by
// memory.
//
// Of the 32 bits of a word one is always set: a packed word is never 0, so 0 can mean "nothing here yet"
// (see visited.ts).

/** A position that is widened gets room for values larger by this factor. */
const growth = 1.25;
const narrowestBits = 4;
const wordBits = 31;
const mark = 1 << wordBits;

/** How vectors are packed: the bits of each position. Immutable. */
export class Packing {
  /** How many 32-bit words a packed vector takes. */
  readonly words: number;
  /** Bits of each position. */
  readonly bits: readonly number[];
  /** By position: its word, by how much it is shifted there, and the mask of its bits. For hot loops. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;

  /** The packing with these widths, each from 1 to 31. */
  constructor(bits: readonly number[]) {
    this.bits = bits;
    const width = bits.length;
    this.word = new Int32Array(width);
    this.shift = new Int32Array(width);
    this.mask = Int32Array.from(bits, (count) => 2 ** count - 1);
    const free: number[] = []; // bits left in each word
    for (const position of bits.map((_, at) => at).sort((a, b) => bits[b]! - bits[a]!)) {
      let word = free.findIndex((left) => left >= bits[position]!);
      if (word < 0) word = free.push(wordBits) - 1;
      this.word[position] = word;
      this.shift[position] = wordBits - free[word]!;
      free[word]! -= bits[position]!;
    }
    this.words = Math.max(1, free.length);
  }

  /** The packing to begin with. */
  static narrowest(width: number): Packing {
    return new Packing(withSpareBits(new Array<number>(width).fill(narrowestBits)));
  }

  /** Whether every value of the vector has room that begins at `from`. */
  fits(vectors: Int32Array, from = 0): boolean {
    for (let at = 0; at < this.mask.length; at++)
      if (!this.fitsAt(at, vectors[from + at] as number)) return false;
    return true;
  }

  /** Whether a value has room at a position. */
  fitsAt(at: number, value: number): boolean {
    return (value & (this.mask[at] as number)) === value;
  }

  /**
   * A packing in which these values have room, by position, with the bits that are left over. `used`: at each position at least so many bits.
   */
  static roomFor(values: ArrayLike<number>, used: readonly number[]): Packing {
    const needed = used.map((bits, at) =>
      Math.min(wordBits, Math.max(narrowestBits, bits, bitsOf((values[at] ?? 0) * growth))),
    );
    return new Packing(withSpareBits(needed));
  }

  /** Writes a vector that fits, and begins at `from`, into `words` words of `items`. */
  pack(vectors: Int32Array, items: Int32Array, offset: number, from = 0): void {
    const word = this.word;
    const shift = this.shift;
    for (let at = 0; at < this.words; at++) items[offset + at] = mark;
    for (let at = 0; at < word.length; at++)
      (items[offset + (word[at] as number)] as number) |=
        (vectors[from + at] as number) << (shift[at] as number);
  }

  /** The inverse of {@link pack}. */
  unpack(items: Int32Array, offset: number, into: Int32Array): void {
    const word = this.word;
    const shift = this.shift;
    const mask = this.mask;
    for (let at = 0; at < word.length; at++)
      into[at] =
        ((items[offset + (word[at] as number)] as number) >>> (shift[at] as number)) & (mask[at] as number);
  }
}

/** How many bits a number takes. */
export function bitsOf(value: number): number {
  return 32 - Math.clz32(Math.min(value, 2 ** wordBits - 1));
}

/**
 * Widths that take no more words than these and leave few bits unused: a position that has room to grow need not be widened. Those that have
 * grown already come first.
 */
function withSpareBits(needed: readonly number[]): number[] {
  const { words } = new Packing(needed);
  const bits = [...needed];
  const widen = (at: number): boolean => {
    if (bits[at] === wordBits) return false;
    bits[at]!++;
    if (new Packing(bits).words === words) return true;
    bits[at]!--;
    return false;
  };
  const hasGrown = (at: number) => needed[at]! > narrowestBits;
  const all = [...needed.keys()];
  for (const group of [all.filter(hasGrown), all])
    for (let left = group; left.length > 0; ) left = left.filter(widen);
  return bits;
}
