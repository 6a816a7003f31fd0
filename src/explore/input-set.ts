// A set of small integers as bits: inputs of a node, which searches inside it ask about by the hundred.
//
// Hot file: a Set of numbers would read the same, and cost ten times as much.

/** A set of small non-negative integers. */
export class InputSet {
  /** Bit b of word w: whether 32 w + b is in it. */
  #words: Int32Array;

  constructor(items: Iterable<number> = []) {
    this.#words = new Int32Array(1);
    for (const item of items) this.add(item);
  }

  has(item: number): boolean {
    return (((this.#words[item >>> 5] ?? 0) >>> (item & 31)) & 1) !== 0;
  }

  add(item: number): void {
    const word = item >>> 5;
    if (word >= this.#words.length) {
      const more = new Int32Array(word + 1);
      more.set(this.#words);
      this.#words = more;
    }
    this.#words[word]! |= 1 << (item & 31);
  }

  addAll(other: InputSet): void {
    const theirs = other.#words;
    if (theirs.length > this.#words.length) {
      const more = new Int32Array(theirs.length);
      more.set(this.#words);
      this.#words = more;
    }
    for (let word = 0; word < theirs.length; word++) this.#words[word]! |= theirs[word]!;
  }

  delete(item: number): void {
    if (item >>> 5 < this.#words.length) this.#words[item >>> 5]! &= ~(1 << (item & 31));
  }

  clear(): void {
    this.#words.fill(0);
  }

  get isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  /** Whether everything in it is in the other one. */
  isWithin(other: InputSet): boolean {
    const [mine, theirs] = [this.#words, other.#words];
    for (let word = 0; word < mine.length; word++)
      if ((mine[word]! & ~(theirs[word] ?? 0)) !== 0) return false;
    return true;
  }

  /** What is in both. */
  in(other: InputSet): InputSet {
    const both = new InputSet();
    both.#words = this.#words.map((word, index) => word & (other.#words[index] ?? 0));
    return both;
  }

  /** What is in it and not in `tried`, or in `relevant`, in ascending order. */
  openIn(tried: InputSet, relevant: InputSet | null = null): number[] {
    const found: number[] = [];
    const words = this.#words;
    const others = relevant === null ? null : relevant.#words;
    for (let word = 0; word < words.length; word++) {
      const isOpen = ~(tried.#words[word] ?? 0) | (others?.[word] ?? 0);
      for (let bits = words[word]! & isOpen; bits !== 0; bits &= bits - 1)
        found.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
    return found;
  }
}
