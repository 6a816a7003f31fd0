import test from "ava";
import fc from "fast-check";
import { InputSet } from "../../src/explore/input-set.js";

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

test("what is open is what was not tried, and what is relevant", (t) => {
  fc.assert(
    fc.property(items, items, items, (all, tried, relevant) => {
      const set = new InputSet(all);
      const [isTried, isRelevant] = [new Set(tried), new Set(relevant)];
      const sorted = [...new Set(all)].sort((a, b) => a - b);
      const untried = sorted.filter((item) => !isTried.has(item));
      t.deepEqual(set.openIn(new InputSet(tried)), untried);
      t.deepEqual(
        set.openIn(new InputSet(tried), new InputSet(relevant)),
        sorted.filter((item) => !isTried.has(item) || isRelevant.has(item)),
      );
      t.is(set.isWithin(new InputSet(tried)), untried.length === 0);
    }),
  );
});
