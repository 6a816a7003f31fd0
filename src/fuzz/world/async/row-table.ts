// Hot file: a map from pairs of non-negative integers (row, key). Runs look up many keys of one row in turn
// (what may a node in this state receive?). All entries of a row are in a small open-addressing table of
// their own, so they are in the cache after the first lookup; one table for all pairs needs twice the memory,
// and scatters it.

import { IntList } from "../../../model/tables.js";

/** The first number of cells of a row; always a power of two. */
const firstCells = 4;

/**
 * Integers in the header of a row that are the table's own: the place of its cells, their number less one,
 * and how many are taken.
 */
const [offsetAt, maskAt, takenAt, own] = [0, 1, 2, 3];

/** A map from pairs of non-negative integers. */
export class RowTable {
  /** Integers in the header of a row. */
  readonly stride: number;
  /**
   * The headers of all rows. In each, those after the first {@link RowTable.own} integers belong to the
   * table's user.
   */
  headers: Int32Array;
  /** Two integers for each cell: the key plus 1 (0: empty), and the value. */
  readonly #cells = new IntList(4096);

  /** Where in a header the user's own integers begin. */
  static readonly own = own;

  /** A header has room for `extra` integers of the user, next to the row; default 1. */
  constructor(extra = 1) {
    this.stride = own + extra;
    this.headers = new Int32Array(this.stride * 256);
    this.#cells.items.fill(0, 0, 2); // a row that was never set begins at this empty cell
    this.#cells.length = 2;
  }

  /** The value of (row, key), or -1. */
  get(row: number, key: number): number {
    const at = row * this.stride;
    const headers = this.headers;
    if (at >= headers.length) return -1;
    const offset = headers[at + offsetAt] as number;
    const mask = headers[at + maskAt] as number;
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
    this.reserve(row);
    const at = row * this.stride;
    const taken = this.headers[at + takenAt] as number;
    if (taken === 0) this.#makeCells(at, firstCells);
    else if ((taken + 1) * 4 > ((this.headers[at + maskAt] as number) + 1) * 3) this.#growRow(at);
    this.#insert(at, key, value);
    this.headers[at + takenAt] = taken + 1;
  }

  /** Creates the header of a row if it does not exist. */
  reserve(row: number): void {
    while ((row + 1) * this.stride > this.headers.length) {
      const bigger = new Int32Array(this.headers.length * 2);
      bigger.set(this.headers);
      this.headers = bigger;
    }
  }

  #insert(at: number, key: number, value: number): void {
    const offset = this.headers[at + offsetAt] as number;
    const mask = this.headers[at + maskAt] as number;
    const cells = this.#cells.items;
    let cell = spread(key) & mask;
    while (cells[offset + cell * 2] !== 0) cell = (cell + 1) & mask;
    cells[offset + cell * 2] = key + 1;
    cells[offset + cell * 2 + 1] = value;
  }

  #makeCells(at: number, count: number): void {
    this.headers[at + offsetAt] = this.#cells.length;
    this.headers[at + maskAt] = count - 1;
    for (let index = 0; index < count * 2; index++) this.#cells.push(0);
  }

  /** The old cells are abandoned: all rows together waste no more than they use. */
  #growRow(at: number): void {
    const offset = this.headers[at + offsetAt] as number;
    const count = (this.headers[at + maskAt] as number) + 1;
    this.#makeCells(at, count * 2);
    for (let from = offset; from < offset + count * 2; from += 2) {
      const { items } = this.#cells;
      if (items[from] !== 0) this.#insert(at, (items[from] as number) - 1, items[from + 1] as number);
    }
  }
}

/** Scatters keys, so that multiples of some number do not all begin at the same cell. */
function spread(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 16;
}
