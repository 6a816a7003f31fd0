import test from "ava";
import fc from "fast-check";
import type { Json } from "../../src/protocol/index.js";
import { prettyJson } from "../../src/trace/pretty.js";

test("what fits on a line stands on one line", (t) => {
  t.is(
    prettyJson({ view: 0, slots: [1, 2], none: [], empty: {} }),
    '{ "view": 0, "slots": [1, 2], "none": [], "empty": {} }',
  );
});

test("what does not fit has a line for each item, as deep as need be", (t) => {
  t.is(
    prettyJson({ a: [1, 2], b: { long: "xxxxxxxx", c: [10, 20] } }, 24),
    ["{", '  "a": [1, 2],', '  "b": {', '    "long": "xxxxxxxx",', '    "c": [10, 20]', "  }", "}"].join(
      "\n",
    ),
  );
});

test("a comma after an item counts for its width", (t) => {
  t.is(prettyJson([[1, 2], 3], 8), "[\n  [\n    1,\n    2\n  ],\n  3\n]");
  t.is(prettyJson([[1, 2], 3], 9), "[\n  [1, 2],\n  3\n]");
  t.is(prettyJson([[1, 2], 3], 11), "[[1, 2], 3]");
});

test("it is JSON and says what the value says, in any width", (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(60), (value, width) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json;
      t.deepEqual(JSON.parse(prettyJson(plain, width)), plain);
    }),
  );
});
