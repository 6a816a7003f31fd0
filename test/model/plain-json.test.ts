import test from "ava";
import { isPlainJson } from "../../src/model/plain-json.js";

test("an object with a method toJSON is not what its text says, one with a field of that name is", (t) => {
  t.true(isPlainJson({ toJSON: "text", at: [{ toJSON: 1 }] }));
  const hidden = Object.defineProperty({ a: 1 }, "toJSON", { value: () => 2 });
  t.is(JSON.stringify(hidden), "2");
  t.false(isPlainJson(hidden));
  t.false(isPlainJson([{ b: hidden }]));
});
