// Sets of small integers as bits: inputs of a node, which searches inside it ask about by the hundred.
//
// Hot file: a Set of numbers would read the same, and cost ten times as much. The sets of many rows stand in one array, since an object
// for each is looked for in memory three times.

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

  /** The bits, to be read only. */
  get words(): Int32Array {
    return this.#words;
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
}

/** A set of small non-negative integers for each row; rows are numbered from 0. */
export class InputRows {
  /** Per row: how many there are, and their bits. */
  #items = new Int32Array(2 * 64);
  #stride = 2;

  /** How many integers are in a row. */
  size(row: number): number {
    const at = row * this.#stride;
    return at < this.#items.length ? (this.#items[at] as number) : 0;
  }

  has(row: number, item: number): boolean {
    return ((this.#word(row, item >>> 5) >>> (item & 31)) & 1) !== 0;
  }

  add(row: number, item: number): void {
    if (this.has(row, item)) return;
    this.#makeRoom(row, item >>> 5);
    const at = row * this.#stride;
    this.#items[at]!++;
    this.#items[at + 1 + (item >>> 5)]! |= 1 << (item & 31);
  }

  /** Whether all of a set is in a row. */
  includes(row: number, set: InputSet): boolean {
    const { words } = set;
    const stride = this.#stride;
    const at = row * stride + 1;
    const items = this.#items;
    if (at >= items.length) return set.isEmpty;
    for (let word = 0; word < words.length; word++) {
      const mine = word + 1 < stride ? (items[at + word] as number) : 0;
      if (((words[word] as number) & ~mine) !== 0) return false;
    }
    return true;
  }

  /** What is in a set and not in this row, or in the same row of `relevant`, in ascending order. */
  openIn(row: number, set: InputSet, relevant: InputRows | null = null): number[] {
    const found: number[] = [];
    const { words } = set;
    for (let word = 0; word < words.length; word++) {
      const isOpen = ~this.#word(row, word) | (relevant === null ? 0 : relevant.#word(row, word));
      for (let bits = words[word]! & isOpen; bits !== 0; bits &= bits - 1)
        found.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
    return found;
  }

  #word(row: number, word: number): number {
    if (word + 1 >= this.#stride) return 0;
    return this.#items[row * this.#stride + 1 + word] ?? 0;
  }

  #makeRoom(row: number, word: number): void {
    const [before, old] = [this.#stride, this.#items];
    const rows = old.length / before;
    if (word + 1 < before && row < rows) return;
    const stride = word + 1 < before ? before : Math.max(word + 2, before + (before >>> 1));
    const items = new Int32Array(stride * (row < rows ? rows : Math.max(row + 1, 2 * rows)));
    if (stride === before) items.set(old);
    else
      for (let at = 0, to = 0; at < old.length; at += before, to += stride)
        items.set(old.subarray(at, at + before), to);
    this.#items = items;
    this.#stride = stride;
  }
}
