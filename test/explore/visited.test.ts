// The visited set against a Map of strings.

import test from "ava";
import fc from "fast-check";
import { known, VisitedSet } from "../../src/explore/visited.js";

test("a vector is new exactly once, and keeps its number, its parent and its contents", (t) => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(3), { minLength: 3, maxLength: 3 })), (vectors) => {
      const set = new VisitedSet(3);
      const numbers = new Map<string, number>();
      for (const [index, items] of vectors.entries()) {
        const vector = Int32Array.from(items);
        const expected = numbers.has(`${items}`) ? -1 : numbers.size;
        t.is(set.add(vector, index - 1), expected);
        if (expected < 0) continue;
        numbers.set(`${items}`, expected);
        t.deepEqual([...set.read(expected, new Int32Array(3))], items);
        t.is(set.parent(expected), index - 1);
      }
      t.is(set.count, numbers.size);
    }),
    { seed: 1 },
  );
});

test("the set grows over table and chunk boundaries without losing or repeating a vector", (t) => {
  const set = new VisitedSet(2);
  const count = 300_000; // more than one chunk of states, and several sizes of the table
  const vector = new Int32Array(2);
  const found = new Int32Array(2);
  let wrong = 0;
  const fill = (index: number) => {
    vector[0] = index % 777;
    vector[1] = Math.floor(index / 777);
  };
  for (let index = 0; index < count; index++) {
    fill(index);
    if (set.add(vector, index - 1) !== index) wrong++;
  }
  for (let index = 0; index < count; index++) {
    fill(index);
    if (set.add(vector, 0) !== -1) wrong++;
    if (set.parent(index) !== index - 1) wrong++;
    if (set.read(index, found)[1] !== vector[1]) wrong++;
  }
  t.is(wrong, 0);
  t.is(set.count, count);
});

test("values that outgrow their bits, at any moment, are kept and told apart", (t) => {
  const value = fc.oneof(fc.nat(3), fc.nat(300), fc.nat(70_000), fc.nat(2 ** 31 - 1));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, fc.nat(2), value)), (vectors) => {
      const set = new VisitedSet(3);
      const numbers = new Map<string, number>();
      for (const items of vectors) {
        const vector = Int32Array.from(items);
        const isNew = !numbers.has(`${items}`);
        t.is(set.add(vector, numbers.size), isNew ? numbers.size : known);
        if (isNew) numbers.set(`${items}`, numbers.size);
      }
      for (const [text, state] of numbers) {
        t.is(`${set.read(state, new Int32Array(3))}`, text);
        t.is(set.parent(state), state);
      }
    }),
    { seed: 2, numRuns: 300 },
  );
});

test("a record begun in a narrow chunk is found when the packing has grown wide since", (t) => {
  const set = new VisitedSet(2);
  const vector = new Int32Array(2);
  let wrong = 0;
  const fill = (index: number) => {
    vector[0] = index % 200;
    vector[1] = index < 65_536 * 2 ? Math.floor(index / 200) : index * 1000;
  };
  for (let index = 0; index < 65_536 * 3; index++) {
    fill(index);
    if (set.add(vector, -1) !== index) wrong++;
  }
  for (let index = 0; index < 65_536 * 3; index++) {
    fill(index);
    if (set.add(vector, -1) !== known) wrong++;
  }
  t.is(wrong, 0);
});

test("vectors that are packed anew fall into other shards, which make room for them", (t) => {
  const count = 6150; // half of the shards have grown by then, the others are nearly full: one of those would overflow
  const set = new VisitedSet(3);
  const vectors: Int32Array[] = [];
  for (let random = 2; vectors.length < count; ) {
    random = (Math.imul(random, 1664525) + 1013904223) | 0;
    const vector = Int32Array.of((random >>> 8) & 255, (random >>> 16) & 255, random >>> 24);
    if (set.add(vector, -1) >= 0) vectors.push(vector);
  }
  set.add(Int32Array.of(0, 0, 1 << 24), 0); // more bits than there were
  t.true(vectors.every((vector) => set.add(vector, -1) === known));
  t.is(set.count, count + 1);
});
