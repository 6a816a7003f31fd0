import test from "ava";
import fc from "fast-check";
import { ddmin, type Test } from "../../src/minimize/index.js";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function when<T>(predicate: (list: readonly T[]) => boolean): Test<T> {
  return (list) => (predicate(list) ? list : null);
}

test("it finds exactly the items that are needed, in order, wherever they stand", (t) => {
  fc.assert(
    fc.property(fc.nat(60), fc.uniqueArray(fc.nat(59), { maxLength: 8 }), (extra, chosen) => {
      const needed = chosen.sort((a, b) => a - b);
      const items = numbers(Math.max(extra, ...needed.map((item) => item + 1)));
      t.deepEqual(
        ddmin(
          items,
          when((list) => needed.every((item) => list.includes(item))),
        ),
        needed,
      );
    }),
  );
});

test("for any predicate at all the result has the effect, is a sub-list, and loses the effect with any single item", (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.nat(),
      fc.integer({ min: 2, max: 9 }),
      (count, seed, rarity) => {
        const items = numbers(count);
        const holds = (list: readonly number[]) => list.length === count || hash(list, seed) % rarity === 0;
        const result = ddmin(items, when(holds));
        t.true(holds(result));
        t.deepEqual(
          items.filter((item) => result.includes(item)),
          result,
        );
        for (const index of result.keys()) t.false(holds(result.toSpliced(index, 1)));
      },
    ),
    { numRuns: 500 },
  );
});

test("an effect that needs nothing leaves nothing", (t) => {
  t.deepEqual(
    ddmin(
      numbers(9),
      when(() => true),
    ),
    [],
  );
  t.deepEqual(
    ddmin(
      [],
      when(() => true),
    ),
    [],
  );
});

test("a single item is kept if it is needed", (t) => {
  t.deepEqual(
    ddmin(
      [7],
      when((list) => list.length === 1),
    ),
    [7],
  );
});

test("equal items are different items: three of them are needed, three stay", (t) => {
  t.deepEqual(
    ddmin(
      ["x", "y", "x", "x", "y", "x"],
      when((list) => list.filter((i) => i === "x").length >= 3),
    ),
    ["x", "x", "x"],
  );
});

test("a test that returns a shorter list is believed", (t) => {
  const candidates: number[] = [];
  const result = ddmin(numbers(1000), (list) => {
    candidates.push(list.length);
    return list.includes(3) && list.includes(900) ? [3, 900] : null;
  });
  t.deepEqual(result, [3, 900]);
  t.true(candidates.length < 20);
});

test("a short cause in a long list takes few tests", (t) => {
  let tests = 0;
  const result = ddmin(numbers(1024), (list) => {
    tests++;
    return list.includes(700) ? list : null;
  });
  t.deepEqual(result, [700]);
  t.true(tests <= 2 * 10 + 1, `${tests} tests`);
});

/** A number that depends on every item: a predicate made of it has no structure that could help. */
function hash(list: readonly number[], seed: number): number {
  return list.reduce((sum, item) => Math.imul(sum ^ (item + 1), 0x9e3779b1) >>> 1, seed + 1) >>> 4;
}
