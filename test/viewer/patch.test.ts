// Patches lead from one value to the other, and say no more than has changed.

import { testProp } from "@fast-check/ava";
import test from "ava";
import { jsonValue } from "fast-check";
import type { Json } from "../../src/protocol/index.js";
import { aligned, diff, patched } from "../../src/viewer/patch.js";

const json = jsonValue({ maxDepth: 4 });

testProp("a patch makes the one value of the other", [json, json], (t, a, b) => {
  const [before, after] = [JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json];
  t.deepEqual(patched(before, diff(before, after)), after);
});

test("an element that is new in the middle of a list is one insertion", (t) => {
  t.deepEqual(diff([1, 2, 4], [1, 2, 3, 4]), [["+", [2], 3]]);
  t.deepEqual(diff({ votes: ["a", "c"] }, { votes: ["c"] }), [["-", ["votes", 0]]]);
});

test("an element with other contents is changed inside, whatever was added before it", (t) => {
  const before = { log: [{ slot: 1, votes: 1 }, "end"] };
  const after = { log: ["start", { slot: 1, votes: 2 }, "end"] };
  t.deepEqual(patched(before, diff(before, after)), after);
  t.deepEqual(diff({ log: before.log }, { log: [{ slot: 1, votes: 2 }, "end"] }), [
    ["=", ["log", 0, "votes"], 2],
  ]);
});

test("nothing has changed: no change", (t) => {
  t.deepEqual(diff({ a: [1, { b: null }] }, { a: [1, { b: null }] }), []);
});

test("what is left alone keeps its identity", (t) => {
  const before = { kept: { deep: [1] }, changed: 1 };
  const after = patched(before, diff(before, { kept: { deep: [1] }, changed: 2 })) as typeof before;
  t.is(after.kept, before.kept);
});

test("a field named __proto__ is a field like others", (t) => {
  const before = JSON.parse('{"a":1}') as Json;
  const after = JSON.parse('{"a":1,"__proto__":{"b":2}}') as Json;
  t.is(JSON.stringify(patched(before, diff(before, after))), JSON.stringify(after));
});

test("lists too long to be aligned are paired one by one", (t) => {
  const long = Array.from({ length: 500 }, (_, index) => index);
  t.is(aligned(long, [-1, ...long]).length, 501);
  t.deepEqual(patched(long, diff(long, [-1, ...long])), [-1, ...long]);
});
