// Equal values, equal numbers.

import test from "ava";
import * as Schema from "effect/Schema";
import { SchemaMismatch } from "../../src/model/canonical.js";
import { Interner, Numbering } from "../../src/model/intern.js";
import { type Json, marked, SetOf } from "../../src/protocol/index.js";

function interner(): Interner<Json> {
  const State = Schema.Struct({ view: Schema.Number, votes: SetOf(Schema.String) });
  return new Interner<Json>(State);
}

test("values that differ in the order of keys or of a set are one", (t) => {
  const states = interner();
  const ids = [
    { view: 0, votes: ["a", "b"] },
    { votes: ["b", "a", "b"], view: 0 },
    { view: 1, votes: ["a", "b"] },
    { votes: ["a", "b"], view: 0 },
  ].map((value) => states.intern(value));
  t.deepEqual(ids, [0, 0, 1, 0]);
  t.deepEqual(states.values, [
    { view: 0, votes: ["a", "b"] },
    { view: 1, votes: ["a", "b"] },
  ]);
});

test("what is kept is frozen all the way down, and the author's own object is left alone", (t) => {
  const states = interner();
  const mine = { view: 0, votes: ["a"] };
  const kept = states.values[states.intern(mine) as number] as typeof mine;
  t.throws(() => kept.votes.push("b"), { instanceOf: TypeError });
  t.throws(() => kept.view++, { instanceOf: TypeError });
  mine.votes.push("b");
  t.deepEqual(kept, { view: 0, votes: ["a"] });
});

test("what does not fit is not kept", (t) => {
  const states = interner();
  t.true(states.intern({ view: 0 }) instanceof SchemaMismatch);
  t.is(states.values.length, 0);
});

test("a numbering counts new keys from 0 on", (t) => {
  const numbering = new Numbering();
  t.deepEqual(
    ["a", "b", "a"].map((key) => numbering.id(key)),
    [
      { id: 0, isNew: true },
      { id: 1, isNew: true },
      { id: 0, isNew: false },
    ],
  );
  t.is(numbering.size, 2);
});

test("a value that is no JSON does not fit, although its JSON text is that of a known value", (t) => {
  const states = new Interner<unknown>(Schema.Struct({ votes: Schema.Record(Schema.String, Schema.Number) }));
  t.is(states.intern({ votes: {} }), 0);
  t.true(states.intern({ votes: new Map([["r1", 1]]) }) instanceof SchemaMismatch);
});

test("a bigint does not fit, and is not an exception", (t) => {
  const states = new Interner<unknown>(Schema.Number);
  t.true(states.intern(1n) instanceof SchemaMismatch);
});

test("what is marked `beside` makes no difference, and the first comes along, to other threads, too", (t) => {
  const State = Schema.Struct({ at: Schema.String, history: marked(Schema.Unknown, "beside") });
  const states = new Interner<Json>(State);
  const ids = [
    { at: "a", history: [1] },
    { at: "a", history: [2] },
    { at: "b", history: [1] },
  ].map((value) => states.intern(value));
  t.deepEqual(ids, [0, 0, 1]);
  t.deepEqual(states.values[0], { at: "a", history: [1] });
  t.deepEqual(states.identity(states.values[0]!), { at: "a" });
  const others = new Interner<Json>(State);
  for (const text of states.texts()) others.deserialize(text);
  t.deepEqual(others.values, states.values);
  t.is(others.intern({ at: "b", history: [3] }), 1);
});
