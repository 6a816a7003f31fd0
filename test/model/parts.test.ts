// Values that are interned by the numbers of their parts, against their canonical texts.

import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { canonicalizer, SchemaMismatch } from "../../src/model/canonical.js";
import { Interner } from "../../src/model/intern.js";
import { Parts } from "../../src/model/parts.js";
import { BagOf, type Json, SetOf } from "../../src/protocol/index.js";

const Vote = Schema.Struct({ from: Schema.String, what: Schema.Array(Schema.Number) });
interface Tree {
  readonly value: number;
  readonly below: readonly Tree[];
}
const Tree = Schema.Struct({
  value: Schema.Number,
  below: SetOf(Schema.suspend((): Schema.Codec<Tree> => Tree as never)),
});

const schemas: { readonly [name: string]: Schema.Top } = {
  "a set, a bag, and an optional field": Schema.Struct({
    votes: SetOf(Vote),
    again: BagOf(Vote),
    maybe: Schema.optionalKey(Schema.Number),
  }),
  "a record of anything": Schema.Record(Schema.String, Schema.Unknown),
  anything: Schema.Unknown,
  "a struct with more fields": Schema.StructWithRest(Schema.Struct({ a: Schema.Number }), [
    Schema.Record(Schema.String, Schema.Unknown),
  ]),
  "a union": Schema.Union([
    Schema.Struct({ tag: Schema.Literal("a"), from: Schema.String }),
    Schema.Struct({ tag: Schema.Literal("b"), from: Schema.NullOr(Schema.String) }),
    Schema.Number,
  ]),
  "a tree": Tree,
  "a tuple with a check": Schema.Tuple([Schema.Number.check(Schema.isInt()), Schema.Boolean]),
};

const names = fc.constantFrom("a", "b", "tag", "from", "what", "votes", "again", "maybe", "value", "below");
const word = fc.constantFrom("a", "b", "1", "#1", "");
const number = fc.constantFrom(0, -0, 1, 2, 0.5, Number.NaN);
const vote = fc.record({ from: word, what: fc.array(fc.constantFrom(0, 1, 2), { maxLength: 2 }) });
const tree = fc.letrec((tie) => ({
  tree: fc.record({
    value: fc.constantFrom(0, 1),
    below: fc.oneof({ depthSize: "small" }, fc.constant([]), fc.array(tie("tree"), { maxLength: 3 })),
  }),
})).tree;
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({
    votes: fc.array(vote, { maxLength: 4 }),
    again: fc.array(vote, { maxLength: 3 }),
    ...{ maybe: fc.constantFrom(0, 1) },
  }),
  fc.record({ votes: fc.array(vote, { maxLength: 4 }), again: fc.array(vote, { maxLength: 3 }) }),
  fc.dictionary(names, fc.oneof(word, number, fc.array(word, { maxLength: 2 }), fc.dictionary(names, word))),
  fc.record({ tag: fc.constantFrom("a", "b", "c"), from: fc.oneof(word, fc.constant(null)) }),
  fc.tuple(number, fc.boolean()),
  fc.tuple(number, fc.dictionary(names, word)).map(([a, rest]) => ({ ...rest, a })),
  tree,
  number,
  word,
  fc.constantFrom(null, true, undefined, new Map(), [undefined]),
);

/** What is drawn, with parts that were interned before put in its place; so far down as a coin says. */
function withKnownParts(value: unknown, known: readonly unknown[], coins: () => number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Map) return value;
  const coin = coins();
  if (coin === 0 && known.length > 0) return known[coins() % known.length];
  if (coin === 1) return value;
  if (Array.isArray(value)) return value.map((item) => withKnownParts(item, known, coins));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withKnownParts(item, known, coins)]),
  );
}

function partsOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

for (const [name, schema] of Object.entries(schemas))
  test(`interned by their parts, the same values are equal as by their texts: ${name}`, (t) => {
    let [kept, refused] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 25 }),
        fc.array(fc.nat(5), { minLength: 7, maxLength: 40 }),
        (values, drawn) => {
          let at = 0;
          const coins = () => drawn[at++ % drawn.length]!;
          const interner = new Interner<unknown>(schema);
          const canonical = canonicalizer(schema);
          const texts: string[] = [];
          for (const one of values) {
            const value = withKnownParts(one, interner.values.flatMap(partsOf), coins);
            const form = canonical(value);
            const id = interner.intern(value);
            if (form instanceof SchemaMismatch) {
              refused++;
              t.is(String(id), String(form));
              continue;
            }
            const text = JSON.stringify(form);
            if (!texts.includes(text)) texts.push(text);
            t.is(id, texts.indexOf(text));
          }
          kept += texts.length;
          t.deepEqual(
            interner.values.map((value) => JSON.stringify(value)),
            texts,
          );
          for (const part of interner.values.flatMap(partsOf)) t.true(Object.isFrozen(part));
          const other = new Interner<unknown>(schema);
          for (const text of interner.texts()) other.deserialize(text);
          t.deepEqual(other.values, interner.values);
        },
      ),
      { seed: 7, numRuns: 150 },
    );
    t.true(kept >= 40 && (refused > 100 || name === "anything"), `${kept} kept, ${refused} refused`);
  });

test("equal parts of one place are one object, and a value that is known makes none", (t) => {
  const interner = new Interner<Json>(Schema.Struct({ votes: SetOf(Vote), last: Schema.NullOr(Vote) }));
  const votes = ["b", "a", "c"].map((from) => ({ from, what: [1, 2] }));
  t.deepEqual(
    [interner.intern({ votes, last: null }), interner.intern({ votes: votes.slice(1), last: null })],
    [0, 1],
  );
  const [first, second] = interner.values as { votes: { from: string; what: number[] }[] }[];
  t.deepEqual(
    first!.votes.map(({ from }) => from),
    ["a", "b", "c"],
  );
  t.is(first!.votes[0], second!.votes[0]);
  t.is(first!.votes[0]!.what, first!.votes[1]!.what);
  t.is(interner.intern(structuredClone(first) as Json), 0);
  t.is(interner.values.length, 2);
});

test("many parts keep their numbers while the table grows", (t) => {
  const parts = new Parts();
  const kinds = [parts.kind(), parts.kind()];
  const keyed = (kind: number, ...items: Json[]) => {
    parts.begin(kind);
    for (const item of items) parts.add(item);
    return parts.find() ?? parts.keep([...items], kinds);
  };
  const objects = Array.from({ length: 2_000 }, (_, index) =>
    keyed(kinds[index % 2]!, index >> 1, "x", null),
  );
  t.is(new Set(objects).size, 2_000);
  t.is(new Set(objects.map((object) => parts.numberOf(object))).size, 2_000);
  for (const [index, object] of objects.entries())
    t.is(keyed(kinds[index % 2]!, index >> 1, "x", null), object);
  t.not(keyed(kinds[0]!, 0, "x"), objects[0]!);
  t.not(parts.numberOf("1"), parts.numberOf(1));
});
