import test from "ava";
import { shuffled } from "../../../src/fuzz/permutation.js";
import {
  type Cast,
  distinctScenarios,
  nameOf,
  scenarioAt,
  scenarioCount,
} from "../../../src/fuzz/strategies/twins-scenarios.js";

/** Two nodes, and the two copies of a twin. */
const cast: Cast = { participants: 4, interchangeable: [[], [2, 3]], rounds: 1 };

test("a round puts participants on two sides, which have no names", (t) => {
  t.is(scenarioCount(cast), 8);
  t.deepEqual(scenarioAt(cast, 0), [{ sides: [0, 0, 0, 0], leavers: 0 }]);
  t.deepEqual(
    Array.from({ length: 8 }, (_, number) => scenarioAt(cast, number)[0]!.sides.join("")).toSorted(),
    ["0000", "0001", "0010", "0011", "0100", "0101", "0110", "0111"],
  );
});

test("scenarios that differ in the copy alone are one", (t) => {
  // 0001 and 0010, 0101 and 0110.
  t.is(distinctScenarios(cast).length, 6);
  t.is(
    nameOf([{ sides: [0, 0, 0, 1], leavers: 0 }], cast),
    nameOf([{ sides: [0, 0, 1, 0], leavers: 0 }], cast),
  );
});

test("scenarios that differ in interchangeable nodes alone are one, in all rounds together", (t) => {
  const two: Cast = { participants: 3, interchangeable: [[1, 2]], rounds: 2 };
  t.is(scenarioCount(two), 64);
  const name = (first: readonly (0 | 1)[], second: readonly (0 | 1)[], leavers: 0 | 1 | 2 | 3 = 0) =>
    nameOf(
      [
        { sides: first, leavers },
        { sides: second, leavers: 0 },
      ],
      two,
    );
  t.is(name([0, 1, 0], [0, 0, 1]), name([0, 0, 1], [0, 1, 0]));
  t.not(name([0, 1, 0], [0, 1, 0]), name([0, 1, 0], [0, 0, 1]));
  // Who gives up is named by the side: it stays the same side when sides change their names.
  t.is(name([1, 0, 0], [0, 0, 0], 1), name([0, 1, 1], [0, 0, 0], 2));
  // By Burnside's lemma, (16 + 4) / 2 pairs of divisions for each of four endings.
  t.is(distinctScenarios(two).length, 40);
});

test("each scenario that is listed has a name of its own, and every scenario's name is listed", (t) => {
  const two: Cast = { participants: 4, interchangeable: [[1], [2, 3]], rounds: 2 };
  const names = distinctScenarios(two).map((number) => nameOf(scenarioAt(two, number), two));
  t.is(new Set(names).size, names.length);
  for (let number = 0; number < scenarioCount(two); number++)
    t.true(names.includes(nameOf(scenarioAt(two, number), two)));
});

test("a shuffled range has every number once, in an order that the seed decides", (t) => {
  for (const size of [1, 2, 6, 40, 1000]) {
    const numbers = Array.from({ length: size }, (_, index) => shuffled(index, size, 7));
    t.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: size }, (_, index) => index),
    );
  }
  const order = (seed: number) => Array.from({ length: 40 }, (_, index) => shuffled(index, 40, seed));
  t.notDeepEqual(order(1), order(2));
});
