// From which size on a search inside a node is made by tallies: sooner once large ones have looked at much, and never later than was asked for.

import test from "ava";
import { TallyBook, type TallyUse } from "../../../src/explore/tallies/tally-book.js";
import { toySetting } from "../../support/toy.js";

const from = (use: TallyUse, lookedAt: number) => new TallyBook(toySetting({}), use).fromAfter(lookedAt);

test("from 16,384 components on, and from 1,024 once large searches have looked at 131,072", (t) => {
  t.deepEqual(
    [0, 131_071, 131_072, 10_000_000].map((lookedAt) => from("large", lookedAt)),
    [16_384, 16_384, 1024, 1024],
  );
});

test("what was asked for is not exceeded", (t) => {
  for (const lookedAt of [0, 131_072]) t.deepEqual([from("always", lookedAt), from(500, lookedAt)], [0, 500]);
  t.is(from(100_000, 0), 100_000);
});
