import test from "ava";
import { withoutSomePair } from "../../src/minimize/pairs.js";

const even = (list: readonly number[]) => (list.length % 2 === 0 && list.includes(4) ? list : null);

test("two items that are only missed alone are removed together", (t) => {
  t.deepEqual(withoutSomePair([1, 2, 3, 4], even), [3, 4]);
  t.deepEqual(withoutSomePair([4, 1, 2, 3], even), [4, 3]);
});

test("null if no pair can be spared", (t) => {
  t.is(withoutSomePair([3, 4], even), null);
  t.is(withoutSomePair([4], even), null);
});
