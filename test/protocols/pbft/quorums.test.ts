// The arithmetic behind every certificate, checked by counting instead of by algebra.

import test from "ava";
import {
  backupsOf,
  isReplica,
  primaryOf,
  quorumSize,
  weakQuorumSize,
} from "../../../src/protocols/pbft/quorums.js";

const sizes = Array.from({ length: 4 }, (_, i) => i + 1).flatMap((faults) =>
  Array.from({ length: 5 }, (_, extra) => ({ replicas: 3 * faults + 1 + extra, faults })),
);

/** All subsets of {0, ..., n-1} with `size` members, as bit masks. */
function subsets(n: number, size: number): number[] {
  return Array.from({ length: 2 ** n }, (_, set) => set).filter((set) => count(set) === size);
}

function count(set: number): number {
  return set.toString(2).replaceAll("0", "").length;
}

/** The fewest members that any two sets of `size` among n share. By symmetry one of them may be fixed. */
function leastOverlap(n: number, size: number): number {
  const first = 2 ** size - 1;
  return Math.min(...subsets(n, size).map((second) => count(first & second)));
}

test("with n = 3f+1 a quorum is 2f+1", (t) => {
  for (const faults of [1, 2, 3, 10, 33])
    t.is(quorumSize({ replicas: 3 * faults + 1, faults }), 2 * faults + 1);
});

test("with more replicas than 3f+1 a quorum is larger than 2f+1", (t) => {
  t.deepEqual(
    [4, 5, 6, 7, 8].map((replicas) => quorumSize({ replicas, faults: 1 })),
    [3, 4, 4, 5, 5],
  );
  t.deepEqual(
    [7, 8, 9, 10].map((replicas) => quorumSize({ replicas, faults: 2 })),
    [5, 6, 6, 7],
  );
});

test("any two quorums share a correct replica, whichever f are Byzantine, and smaller sets may not", (t) => {
  for (const { replicas, faults } of sizes.filter((size) => size.replicas <= 12)) {
    const quorum = quorumSize({ replicas, faults });
    t.true(leastOverlap(replicas, quorum) >= faults + 1, `n=${replicas} f=${faults}`);
    t.true(leastOverlap(replicas, quorum - 1) < faults + 1, `n=${replicas} f=${faults}: smaller would do`);
  }
});

test("the correct replicas alone are a quorum, so f silent ones block nobody", (t) => {
  for (const size of sizes) t.true(quorumSize(size) <= size.replicas - size.faults);
});

test("with n = 3f the correct replicas are too few to be a quorum", (t) => {
  for (const faults of [1, 2, 3]) t.true(quorumSize({ replicas: 3 * faults, faults }) > 2 * faults);
});

test("a weak quorum is the smallest set that has a correct member whichever f are Byzantine", (t) => {
  t.deepEqual(
    [1, 2, 3].map((faults) => weakQuorumSize({ faults })),
    [2, 3, 4],
  );
});

test("primaries take turns, one view each", (t) => {
  t.deepEqual(
    [0, 1, 2, 3, 4, 9].map((view) => primaryOf({ replicas: 4 }, view)),
    ["r0", "r1", "r2", "r3", "r0", "r1"],
  );
});

test("the backups of a view are all replicas but its primary", (t) => {
  t.deepEqual(backupsOf({ replicas: 4 }, 0), ["r1", "r2", "r3"]);
  t.deepEqual(backupsOf({ replicas: 5 }, 6), ["r0", "r2", "r3", "r4"]);
});

test("only r0 to r(n-1) are replicas", (t) => {
  t.true(isReplica({ replicas: 4 }, "r3"));
  t.false(isReplica({ replicas: 4 }, "r4"));
  t.false(isReplica({ replicas: 4 }, "c0"));
});
