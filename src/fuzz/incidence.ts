// Hot file: counts in how many runs each state was seen, for a bounded subset of the states: those whose hash
// begins with k zero bits, for the smallest k with which they fit (as in sample.ts; a subset by hash is a random
// one). How many states were seen in one run only, in two, and so on, tells how many were not seen at all:
// coverage.ts. Sketches of blocks merge into the same one in any order.

/** The largest number of states kept. */
const maxKept = 1 << 13;

/** A sketch as data. */
export interface SerializedIncidence {
  readonly level: number;
  /**
   * Three integers for each state, in the order of hashes: two of the hash, and a mark. The mark of a state that
   * was seen in one run is the run's number; of one that was seen in n > 1 runs it is -n.
   */
  readonly marks: Int32Array;
}

/** How many states of the subset were seen in how many runs. */
export interface Frequencies {
  /** The subset has one state of 2 ** level. */
  readonly level: number;
  /** At index n: how many states were seen in n runs; at 0: none. Sparse. */
  readonly seenIn: readonly number[];
  /** Different runs that saw a state that no other run saw. */
  readonly runsAlone: number;
}

/** Counts runs by state; see the file comment. */
export class Incidence {
  #level: number;
  #count = 0;
  #mask = 1023;
  /** Hash, the number of runs (0: an empty slot), and the last of them. */
  #slots = new Int32Array(4096);

  /** `level`: that of the sketch that this one will be merged into; default 0. */
  constructor(level = 0) {
    this.#level = level;
  }

  get level(): number {
    return this.#level;
  }

  /** A run has seen a state. Runs come one after the other. */
  add(high: number, low: number, run: number): void {
    if (this.#level > 0 && high >>> (32 - this.#level) !== 0) return;
    const at = this.#find(high, low);
    if (this.#slots[at + 3] === run && this.#slots[at + 2] !== 0) return;
    this.#see(at, high, low, 1, run);
  }

  /** Adds another sketch, of other runs. */
  merge({ level, marks }: SerializedIncidence): void {
    if (level > this.#level) this.#raise(level);
    for (let from = 0; from < marks.length; from += 3) {
      const [high, low, mark] = [marks[from] as number, marks[from + 1] as number, marks[from + 2] as number];
      if (this.#level > 0 && high >>> (32 - this.#level) !== 0) continue;
      this.#see(this.#find(high, low), high, low, mark < 0 ? -mark : 1, mark);
    }
  }

  /** As data, equal for equal content. */
  serialized(): SerializedIncidence {
    const rows: number[] = [];
    for (let at = 0; at < this.#slots.length; at += 4) if (this.#slots[at + 2] !== 0) rows.push(at);
    const slots = this.#slots;
    rows.sort(
      (a, b) =>
        (slots[a] as number) - (slots[b] as number) || (slots[a + 1] as number) - (slots[b + 1] as number),
    );
    const marks = new Int32Array(rows.length * 3);
    for (const [index, at] of rows.entries()) {
      const count = slots[at + 2] as number;
      marks.set([slots[at]!, slots[at + 1]!, count === 1 ? (slots[at + 3] as number) : -count], index * 3);
    }
    return { level: this.#level, marks };
  }

  #find(high: number, low: number): number {
    const slots = this.#slots;
    for (let index = low & this.#mask; ; index = (index + 1) & this.#mask) {
      const at = index * 4;
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
    }
  }

  #see(at: number, high: number, low: number, runs: number, last: number): void {
    const slots = this.#slots;
    const isNew = slots[at + 2] === 0;
    slots[at] = high;
    slots[at + 1] = low;
    (slots[at + 2] as number) += runs;
    slots[at + 3] = last;
    if (!isNew) return;
    this.#count++;
    if (this.#count > maxKept) this.#raise(this.#level + 1);
    else if (this.#count * 2 > this.#mask) this.#rebuild((this.#mask + 1) * 2);
  }

  #raise(level: number): void {
    this.#level = level;
    this.#rebuild(this.#mask + 1);
    if (this.#count > maxKept) this.#raise(level + 1);
  }

  #rebuild(capacity: number): void {
    const old = this.#slots;
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * 4);
    this.#count = 0;
    for (let from = 0; from < old.length; from += 4) {
      if (old[from + 2] === 0) continue;
      if (this.#level > 0 && (old[from] as number) >>> (32 - this.#level) !== 0) continue;
      const at = this.#find(old[from] as number, old[from + 1] as number);
      this.#slots.set(old.subarray(from, from + 4), at);
      this.#count++;
    }
  }
}

/** The frequencies in a sketch. */
export function frequenciesOf({ level, marks }: SerializedIncidence): Frequencies {
  const seenIn: number[] = [];
  const alone = new Set<number>();
  for (let at = 2; at < marks.length; at += 3) {
    const mark = marks[at] as number;
    const runs = mark < 0 ? -mark : 1;
    seenIn[runs] = (seenIn[runs] ?? 0) + 1;
    if (mark >= 0) alone.add(mark);
  }
  return { level, seenIn, runsAlone: alone.size };
}
