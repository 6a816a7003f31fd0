// A bag of integers: an item is removed by putting the last one in its place. For choosing at random.

import { IntList } from "../../../model/tables.js";

/** A bag of integers. */
export class Bag extends IntList {
  /** Removes the item at a place, where the last one is from now on. */
  takeAt(place: number): number {
    const { items } = this;
    const item = items[place] as number;
    items[place] = items[--this.length] as number;
    return item;
  }
}
