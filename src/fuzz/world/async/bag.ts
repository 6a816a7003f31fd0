// A growing list of integers from which items are taken by putting the last one in their place: what waits to be chosen at random.

import { IntList } from "../../../model/tables.js";

/** See the file comment. */
export class Bag extends IntList {
  /** Takes out what stands at a place, where the last one stands from now on. */
  takeAt(place: number): number {
    const { items } = this;
    const item = items[place] as number;
    items[place] = items[--this.length] as number;
    return item;
  }
}
