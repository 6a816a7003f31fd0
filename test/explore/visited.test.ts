// The visited set against a Map of strings.

import test from "ava";
import fc from "fast-check";
import { isNew, PackedTable } from "../../src/explore/packed-table.js";
import { Packing } from "../../src/explore/packing.js";
import { mixed, VectorHash } from "../../src/explore/vector-hash.js";
import { known, VisitedSet } from "../../src/explore/visited.js";
import { Successors } from "../../src/model/successors.js";
import { lookEveryMs, watched } from "../../src/watch/clock.js";

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

test("vectors that are packed anew are found again, in as many words or more, however full the table is", (t) => {
  const most = 2 ** 13 * (3 / 4); // as many as fit into the first table
  for (const count of [1, most - 1, most, most + 1])
    for (const large of [16, 255, 1 << 24]) {
      const set = new VisitedSet(11);
      const vectors: Int32Array[] = [];
      for (let random = 2; vectors.length < count; ) {
        random = (Math.imul(random, 1664525) + 1013904223) | 0;
        const vector = Int32Array.from({ length: 11 }, (_, at) => (random >>> (at * 2)) & 15);
        if (set.add(vector, -1) >= 0) vectors.push(vector);
      }
      t.is(set.add(vectors[0]!.with(3, large), 0), count);
      t.true(vectors.every((vector) => set.add(vector, -1) === known));
      t.true(vectors.every((vector, state) => `${set.read(state, new Int32Array(11))}` === `${vector}`));
      t.is(set.count, count + 1);
    }
});

/** A set of which successors are asked, with the largest values as a search knows them. */
function setOf(width: number) {
  const largest = new Int32Array(width);
  const set = new VisitedSet(width, () => largest);
  const out = new Successors();
  /** Proposes these as successors of a vector, as a search does. */
  const propose = (
    vector: Int32Array,
    successors: readonly (readonly [place: number, value: number, last: number])[],
  ) => {
    out.clear();
    for (const [place, value, last] of successors) {
      out.push(place, value, last, 1, 0);
      largest[place] = Math.max(largest[place]!, value);
      largest[width - 1] = Math.max(largest[width - 1]!, last);
    }
    let found: number[] = [];
    const add = () => {
      set.prefetch();
      found = [...found, ...Array.from({ length: set.batch.count }, (_, index) => set.addFromBatch(index))];
      set.batch.clear();
    };
    while (!set.propose(vector, out, 0)) {
      add();
      set.widen();
    }
    return { add, found: () => found.filter((state) => state >= 0) };
  };
  return { set, propose };
}

test("what was met a short while ago is not gathered again; everything else is found once, while values and table grow", (t) => {
  const width = 6;
  const { set, propose } = setOf(width);
  const numbers = new Map<string, number>();
  set.add(new Int32Array(width), -1);
  numbers.set(`${new Int32Array(width)}`, 0);
  let [random, gathered, wrong] = [1, 0, 0];
  const next = (below: number) => {
    random = (Math.imul(random, 1664525) + 1013904223) | 0;
    return (random >>> 8) % below;
  };
  for (let round = 0; round < 8000; round++) {
    const vector = set.read(next(set.count), new Int32Array(width)).slice();
    const size = round < 4000 ? 12 : 12 + round; // from the middle on a value outgrows its bits again and again
    const successors = Array.from({ length: 10 }, () => [next(width - 1), next(size), next(3)] as const);
    const { add, found } = propose(vector, successors);
    const expected: number[] = [];
    for (const [place, value, last] of successors) {
      const text = `${vector.with(place, value).with(width - 1, last)}`;
      if (numbers.has(text)) continue;
      expected.push(numbers.size);
      numbers.set(text, numbers.size);
    }
    gathered += set.batch.count;
    add();
    if (`${found()}` !== `${expected}`) wrong++;
  }
  t.is(wrong, 0);
  t.is(set.count, numbers.size);
  for (const [text, state] of numbers) if (`${set.read(state, new Int32Array(width))}` !== text) wrong++;
  t.is(wrong, 0);
  t.true(set.count > 3 * 2 ** 13, `${set.count}`); // the table has grown
  t.true(gathered < 8000 * 10, `${gathered}`);
});

test("what had no room in a table that threads share is gathered again", (t) => {
  const { set, propose } = setOf(3);
  set.add(new Int32Array(3), -1);
  set.share();
  const batch = () => propose(new Int32Array(3), [[0, 1, 0]]);
  const { add, found } = batch();
  t.is(set.batch.count, 1);
  set.batch.clear(); // it was not added
  batch();
  t.is(set.batch.count, 1);
  add();
  t.is(found().length, 1);
  batch();
  t.is(set.batch.count, 0);
});

test("while a large table is packed anew, whoever watches is asked, and cannot end it", (t) => {
  const set = new VisitedSet(8);
  const vector = new Int32Array(8);
  const count = 1_500_000;
  const fill = (state: number) => {
    for (let at = 0; at < 7; at++) vector[at] = (state >>> (at * 3)) & 7;
  };
  let asked = 0;
  const duty = () => ++asked > 0; // to end at once
  watched(duty, () => {
    for (let state = 0; state < count; state++) {
      fill(state);
      set.add(vector, -1);
    }
    const before = asked;
    const from = performance.now();
    vector[7] = 1 << 20;
    set.add(vector, -1);
    t.true(asked > before || performance.now() - from < 2 * lookEveryMs);
  });
  t.true(asked > 0);
  t.is(set.count, count + 1);
  vector[7] = 0;
  let wrong = 0;
  for (let state = 0; state < count; state += 97) {
    fill(state);
    if (set.add(vector, -1) !== known) wrong++;
  }
  t.is(wrong, 0);
});

test("a table of many pieces has the same vectors as one of one piece, also when it is packed anew", (t) => {
  const hashing = new VectorHash(3);
  const packing = Packing.narrowest(3);
  const tables = [new PackedTable(packing, hashing), new PackedTable(packing, hashing, 2 ** 16)];
  const vector = new Int32Array(3);
  const key = new Int32Array(3);
  const added = (index: number, packed: Packing) => {
    vector.set([index & 31, (index >>> 5) & 31, index >>> 10]);
    packed.pack(vector, key, 0);
    return tables.map((table) => table.add(key, 0, mixed(hashing.sum(vector, 0))));
  };
  const count = 100_000;
  let wrong = 0;
  const wide = Packing.roomFor([31, 31, 1 << 30], packing.bits);
  for (const table of tables) table.repack(wide);
  for (let index = 0; index < count; index++)
    if (added(index, wide).some((answer) => answer !== isNew)) wrong++;
  const wider = Packing.roomFor([1 << 20, 1 << 20, 1 << 30], wide.bits);
  t.true(wider.words > wide.words);
  for (const table of tables) table.repack(wider);
  for (let index = 0; index < count; index++)
    if (added(index, wider).some((answer) => answer !== known)) wrong++;
  t.is(wrong, 0);
  t.is(tables[0]!.pieces.length, 1);
  t.true(tables[1]!.pieces.length > 8);
  t.is(tables[0]!.capacity, tables[1]!.capacity);
});

test("the bits that are left over take no word more, and every value that fits comes back", (t) => {
  const largest = fc.oneof(fc.nat(15), fc.nat(3000), fc.nat(2 ** 30));
  fc.assert(
    fc.property(fc.array(largest, { minLength: 1, maxLength: 20 }), (values) => {
      const used = values.map(() => 1);
      const packing = Packing.roomFor(values, used);
      const needed = values.map((value) => Math.min(31, Math.max(4, 32 - Math.clz32(value * 1.25))));
      t.is(packing.words, new Packing(needed).words);
      t.true(packing.bits.every((bits, at) => bits >= needed[at]!));
      const vectors = [values, packing.bits.map((bits) => 2 ** bits - 1), values.map(() => 0)];
      for (const vector of vectors) {
        const packed = new Int32Array(packing.words);
        t.true(packing.fits(Int32Array.from(vector)));
        packing.pack(Int32Array.from(vector), packed, 0);
        t.true(packed.every((word) => word !== 0));
        const back = new Int32Array(vector.length);
        packing.unpack(packed, 0, back);
        t.deepEqual([...back], [...vector]);
      }
    }),
    { seed: 3, numRuns: 200 },
  );
});
