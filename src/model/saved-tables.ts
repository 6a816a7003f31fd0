// Tables as text, for a file: what one process has evaluated, another need not evaluate again. Numbers mean the same in both, as they do in
// threads (see dictionary.ts): a new system numbers what it begins with in the same order, and takes over the rest as it stands.

import type { SharedTables } from "./dictionary.js";

/** By numbering, its texts; by memo, its entries one after the other, each after its length. */
interface Saved {
  readonly numberings: readonly (readonly string[])[];
  readonly memos: readonly (readonly number[])[];
}

/** What the tables know. */
export function savedTables({ numberings, memos }: SharedTables): string {
  const saved: Saved = {
    memos: memos.map((memo) => [...memo.entries()].flatMap((entry) => [entry.length, ...entry])),
    // After the memos: their entries may number what they are made of.
    numberings: numberings.map((numbering) => [...numbering.texts()]),
  };
  return JSON.stringify(saved);
}

/** Takes over what {@link savedTables} has saved of a system with the same setting and the same code. The tables must be new. */
export function takeOver({ numberings, memos }: SharedTables, text: string): void {
  const saved = JSON.parse(text) as Saved;
  for (const [index, texts] of saved.numberings.entries())
    for (const one of texts) numberings[index]!.deserialize(one);
  for (const [index, numbers] of saved.memos.entries()) {
    const items = Int32Array.from(numbers);
    for (let at = 0; at < items.length; at += items[at]! + 1)
      memos[index]!.deserialize(items, at + 1, items[at]!);
  }
}
