import test from "ava";
import fc from "fast-check";
import { InputRows, InputSet } from "../../src/explore/input-set.js";

const items = fc.array(fc.nat({ max: 100 }), { maxLength: 30 });

test("a set of inputs is a set of numbers", (t) => {
  fc.assert(
    fc.property(items, items, (added, deleted) => {
      const [set, plain] = [new InputSet(added), new Set(added)];
      for (const item of deleted) {
        set.delete(item);
        plain.delete(item);
      }
      for (let item = 0; item <= 130; item++) t.is(set.has(item), plain.has(item));
      t.is(set.isEmpty, plain.size === 0);
      const both = new InputSet([...added, ...deleted]).in(new InputSet(deleted));
      for (let item = 0; item <= 130; item++) t.is(both.has(item), deleted.includes(item));
      t.is(set.in(new InputSet(deleted)).isEmpty, !deleted.some((item) => plain.has(item)));
      const union = new InputSet(deleted);
      union.addAll(set);
      for (let item = 0; item <= 130; item++)
        t.is(union.has(item), plain.has(item) || deleted.includes(item));
      set.clear();
      t.true(set.isEmpty);
    }),
  );
});

const rowsOf = (sets: readonly (readonly number[])[]): InputRows => {
  const rows = new InputRows();
  for (const [row, items] of sets.entries()) for (const item of items) rows.add(row, item);
  return rows;
};

test("each row is a set of its own, however rows and numbers come in", (t) => {
  const adding = fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 300 })), { maxLength: 60 });
  fc.assert(
    fc.property(adding, items, (pairs, asked) => {
      const [rows, plain] = [new InputRows(), new Map<number, Set<number>>()];
      for (const [row, item] of pairs) {
        rows.add(row, item);
        plain.set(row, (plain.get(row) ?? new Set()).add(item));
      }
      const set = new InputSet(asked);
      for (let row = 0; row <= 210; row++) {
        const expected = plain.get(row) ?? new Set();
        t.is(rows.size(row), expected.size);
        t.is(
          rows.includes(row, set),
          asked.every((item) => expected.has(item)),
        );
        t.deepEqual(
          asked.map((item) => rows.has(row, item)),
          asked.map((item) => expected.has(item)),
        );
      }
    }),
  );
});

test("what is open is what was not tried, and what is relevant", (t) => {
  fc.assert(
    fc.property(items, items, items, (all, tried, relevant) => {
      const set = new InputSet(all);
      const [isTried, isRelevant] = [new Set(tried), new Set(relevant)];
      const sorted = [...new Set(all)].sort((a, b) => a - b);
      const untried = sorted.filter((item) => !isTried.has(item));
      for (const row of [0, 1, 5]) {
        const others = Array.from({ length: row }, () => all);
        const rows = rowsOf([...others, tried]);
        t.deepEqual(rows.openIn(row, set), untried);
        t.deepEqual(
          rows.openIn(row, set, rowsOf([...others, relevant])),
          sorted.filter((item) => !isTried.has(item) || isRelevant.has(item)),
        );
        t.is(rows.includes(row, set), untried.length === 0);
      }
      t.is(set.isWithin(new InputSet(tried)), untried.length === 0);
    }),
  );
});
