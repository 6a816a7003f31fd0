// Sets of blocks, as ranges.

import test from "ava";
import {
  blockCount,
  disjointUnion,
  endOf,
  firstBlocks,
  missingBlocks,
  numbers,
  ranges,
} from "../../src/fuzz/blocks.js";

test("ranges are as few as possible, and say the same as the numbers", (t) => {
  t.deepEqual(ranges([7, 3, 1, 2, 8]), [
    [1, 3],
    [7, 8],
  ]);
  t.deepEqual(
    numbers([
      [1, 3],
      [7, 8],
    ]),
    [1, 2, 3, 7, 8],
  );
  t.deepEqual(
    [
      endOf([]),
      endOf([[0, 4]]),
      blockCount([
        [1, 3],
        [7, 8],
      ]),
    ],
    [0, 5, 5],
  );
});

test("a shard's first blocks, and what is missing of it", (t) => {
  t.deepEqual(firstBlocks({ index: 2, of: 3 }, 3), [
    [1, 1],
    [4, 4],
    [7, 7],
  ]);
  t.deepEqual(
    missingBlocks(
      [
        [1, 1],
        [7, 7],
      ],
      { index: 2, of: 3 },
      8,
    ),
    [[4, 4]],
  );
  t.deepEqual(missingBlocks([[0, 1]], { index: 1, of: 1 }, 5), [[2, 4]]);
});

test("two sets that share a block have no disjoint union", (t) => {
  t.deepEqual(
    disjointUnion(
      [
        [0, 0],
        [2, 2],
      ],
      [[1, 1]],
    ),
    [[0, 2]],
  );
  t.is(disjointUnion([[0, 2]], [[2, 2]]), null);
});
