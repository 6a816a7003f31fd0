// From which size on a search inside a node is made by tallies: sooner once some were given up, and never later than was asked for.

import test from "ava";
import { TallyBook, type TallyUse } from "../../../src/explore/tallies/tally-book.js";
import { UserError } from "../../../src/model/errors.js";
import { toySetting } from "../../support/toy.js";

const from = (use: TallyUse, givenUp: number) => new TallyBook(toySetting({}), use).fromAfter(givenUp);

test("from 16,384 components on, and from 1,024 once eight searches were given up", (t) => {
  t.deepEqual(
    [0, 7, 8, 1000].map((givenUp) => from("large", givenUp)),
    [16_384, 16_384, 1024, 1024],
  );
});

test("what was asked for is not exceeded", (t) => {
  for (const givenUp of [0, 8]) t.deepEqual([from("always", givenUp), from(500, givenUp)], [0, 500]);
  t.is(from(100_000, 0), 100_000);
});

test("anything else is refused, and told what there is", (t) => {
  for (const [given, text] of [
    ["allways", '"allways"'],
    [-1, "-1"],
    [Number.NaN, "NaN"],
    [1.5, "1.5"],
  ] as const) {
    const error = t.throws(() => from(given as never, 0), { instanceOf: UserError });
    t.is(error.code, "bad-option");
    t.is(
      error.message,
      `tallies is "never", "large", "always", or the number of components from which on they are used; not ${text}.`,
    );
  }
});
