// The memo tables against a Map and an array.

import test from "ava";
import fc from "fast-check";
import { IntList, PairTable } from "../../src/model/tables.js";

test("a pair table holds what a Map would hold, however often it grows", (t) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat(60), fc.nat(60)), { selector: String, minLength: 1, maxLength: 400 }),
      fc.constantFrom(2, 8, 1024),
      (pairs, capacity) => {
        const table = new PairTable(capacity);
        const map = new Map<string, number>();
        for (const [index, [a, b]] of pairs.entries()) {
          t.is(table.get(a, b), -1);
          table.set(a, b, index * 3);
          map.set(`${[a, b]}`, index * 3);
        }
        t.is(table.size, map.size);
        for (const [a, b] of pairs) t.is(table.get(a, b), map.get(`${[a, b]}`)!);
        const entries = [...table.entries()].map(([a, b, value]) => [`${[a, b]}`, value] as const);
        t.deepEqual(
          entries.sort(([, a], [, b]) => a - b),
          [...map],
        );
      },
    ),
    { seed: 1, numRuns: 30 },
  );
});

test("a pair is ordered, and 0 is a value like any other", (t) => {
  const table = new PairTable();
  table.set(0, 0, 0);
  table.set(1, 2, 5);
  t.deepEqual([table.get(0, 0), table.get(1, 2), table.get(2, 1)], [0, 5, -1]);
});

test("a list of integers keeps what was pushed, however often it grows", (t) => {
  const list = new IntList(1);
  const items = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1001);
  for (const item of items) list.push(item);
  t.is(list.length, 1000);
  t.deepEqual([...list.items.subarray(0, list.length)], items);
});
