// Hot file: a map from pairs of non-negative integers, for runs, which look up many second parts for one first part in turn (what may a
// node that is in this state receive?). All entries of a first part stand together, in a small open-addressing table of their
// own, so they are in the cache after the first look; one table for all pairs needs twice the memory, and scatters it.

import { IntList } from "../../../model/tables.js";

/** Cells that a row has at first: powers of two, as always here. */
const firstCells = 4;

/** Integers in the directory for each row: where its cells are, how many there are less one, and how many are taken. */
const entry = 4;

/** See the file comment. */
export class RowTable {
  #directory = new Int32Array(entry * 256);
  /** Two integers for each cell: the second part plus 1 (0: empty), and the value. */
  readonly #cells = new IntList(4096);

  /** The value of (row, key), or -1. */
  get(row: number, key: number): number {
    const at = row * entry;
    if (at >= this.#directory.length) return -1;
    const offset = this.#directory[at] as number;
    const mask = this.#directory[at + 1] as number;
    const cells = this.#cells.items;
    const wanted = key + 1;
    for (let cell = spread(key) & mask; ; cell = (cell + 1) & mask) {
      const found = cells[offset + cell * 2] as number;
      if (found === wanted) return cells[offset + cell * 2 + 1] as number;
      if (found === 0) return -1;
    }
  }

  /** Sets the value of (row, key), which must not be set yet. */
  set(row: number, key: number, value: number): void {
    const at = row * entry;
    while (at >= this.#directory.length) this.#growDirectory();
    const directory = this.#directory;
    const taken = directory[at + 2] as number;
    if (taken === 0) this.#makeRow(at, firstCells);
    else if ((taken + 1) * 4 > ((directory[at + 1] as number) + 1) * 3) this.#growRow(at);
    this.#insert(at, key, value);
    directory[at + 2] = taken + 1;
  }

  #insert(at: number, key: number, value: number): void {
    const offset = this.#directory[at] as number;
    const mask = this.#directory[at + 1] as number;
    const cells = this.#cells.items;
    let cell = spread(key) & mask;
    while (cells[offset + cell * 2] !== 0) cell = (cell + 1) & mask;
    cells[offset + cell * 2] = key + 1;
    cells[offset + cell * 2 + 1] = value;
  }

  #makeRow(at: number, cells: number): void {
    this.#directory[at] = this.#cells.length;
    this.#directory[at + 1] = cells - 1;
    for (let index = 0; index < cells * 2; index++) this.#cells.push(0);
  }

  /** The old cells are given up: all rows together waste no more than they take. */
  #growRow(at: number): void {
    const [offset, mask] = [this.#directory[at] as number, this.#directory[at + 1] as number];
    this.#makeRow(at, (mask + 1) * 2);
    for (let from = offset; from < offset + (mask + 1) * 2; from += 2) {
      const { items } = this.#cells;
      if (items[from] !== 0) this.#insert(at, (items[from] as number) - 1, items[from + 1] as number);
    }
  }

  /** An unknown row points to the first cell, which is always empty. */
  #growDirectory(): void {
    const bigger = new Int32Array(this.#directory.length * 2);
    bigger.set(this.#directory);
    this.#directory = bigger;
  }

  constructor() {
    this.#cells.push(0);
    this.#cells.push(0);
  }
}

/** Keys that are multiples of something must not all begin at the same cell. */
function spread(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 16;
}
