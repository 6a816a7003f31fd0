// Watch expressions: paths, comparisons, and what is wrong with those that cannot be read.

import test from "ava";
import { ExpressionError, isTrue, parseExpression } from "../../src/viewer/expression.js";

const scope = {
  r1: {
    view: 1,
    down: false,
    log: [
      { slot: 1, phase: "prepared" },
      { slot: 2, phase: "committed" },
    ],
    "odd name": 7,
  },
  r2: { view: 0, down: true, log: [] },
};

const values: readonly (readonly [string, unknown])[] = [
  ["r1.view", 1],
  ["r1.log[1].phase", "committed"],
  ["r1.log.length", 2],
  ["r1.log[*].slot", [1, 2]],
  ["r*.view", [1, 0]],
  ["r1..slot", [1, 2]],
  ['r1["odd name"]', 7],
  ["count(r1.log)", 2],
  ["count(r*.log[*])", 2],
  ["r3.view", undefined],
  ["r1.view = 1", true],
  ["r1.view == 1 and not r1.down", true],
  ["r1.view < r2.view or r2.down", true],
  ["r*.view > 0", true],
  ["r*.view > 1", false],
  ["r1.log contains 3", false],
  ['r1.log[0].phase contains "prep"', true],
  ["not (r1.down or r2.down)", false],
  ["not not r2.down", true],
  ["r3.view = 1", false],
  ["r1.view != 1", false],
  ["-1 < 0", true],
  ["null = null", true],
];

for (const [text, expected] of values)
  test(text, (t) => {
    t.deepEqual(parseExpression(text)(scope), expected as never);
  });

const mistakes: readonly (readonly [string, string])[] = [
  ["", "A value is missing before the end."],
  ["r1.", "A name is missing before the end."],
  ["r1.view =", "A value is missing before the end."],
  ["(r1.view", '")" is missing before the end.'],
  ["r1.view r2", '"r2" was not expected there.'],
  ["r1 & r2", '"& r2" cannot be read.'],
  ["r1[x]", 'An index, a "name" or * is missing before x.'],
  [`${"(".repeat(200)}1`, "It is nested too deeply."],
];

for (const [text, message] of mistakes)
  test(`not an expression: ${text.slice(0, 20)}`, (t) => {
    const error = t.throws(() => parseExpression(text), { instanceOf: ExpressionError });
    t.is(error.message, message);
  });

test("an empty list and nothing at all are not true", (t) => {
  t.false(isTrue([]));
  t.false(isTrue(undefined));
  t.true(isTrue([0]));
});
