// From which size on a search inside a node is made by tallies: sooner once large ones have looked at much, and never later than was asked for.

import test from "ava";
import { TallyBook, type TallyUse } from "../../../src/explore/tallies/tally-book.js";
import { toySetting } from "../../support/toy.js";

const from = (use: TallyUse, lookedAt: number) => new TallyBook(toySetting({}), use).fromAfter(lookedAt);

test("from 4,096 components on, and from 1,024 once large searches have looked at 1,048,576", (t) => {
  t.deepEqual(
    [0, 1_048_575, 1_048_576, 10_000_000].map((lookedAt) => from("large", lookedAt)),
    [4096, 4096, 1024, 1024],
  );
});

test("what was asked for is not exceeded", (t) => {
  for (const lookedAt of [0, 1_048_576])
    t.deepEqual([from("always", lookedAt), from(500, lookedAt)], [0, 500]);
  t.is(from(100_000, 0), 100_000);
});
