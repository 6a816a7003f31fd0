// One state, one form; and what does not fit its schema is told where and why.

import { runInNewContext } from "node:vm";
import test from "ava";
import * as Schema from "effect/Schema";
import { canonicalizer, SchemaMismatch } from "../../src/model/canonical.js";
import { Interner } from "../../src/model/intern.js";
import { isPlainJson } from "../../src/model/plain-json.js";
import {
  BagOf,
  CertificateOf,
  certificate,
  marked,
  NodeId,
  SetOf,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";

/** The canonical form as text, or the complaint. */
function canonical(schema: Schema.Top, value: unknown): string {
  const result = canonicalizer(schema)(value);
  return result instanceof SchemaMismatch ? String(result) : JSON.stringify(result);
}

const Point = Schema.Struct({ x: Schema.Number, y: Schema.Number });

test("fields stand in the schema's order, whatever order they were written in", (t) => {
  t.is(canonical(Point, { y: 2, x: 1 }), '{"x":1,"y":2}');
});

test("the keys of a record are sorted", (t) => {
  t.is(canonical(Schema.Record(Schema.String, Schema.Number), { b: 1, a: 2 }), '{"a":2,"b":1}');
});

test("a part that was brought into canonical form and then frozen is taken as it is", (t) => {
  const canonicalize = canonicalizer(Schema.Struct({ points: SetOf(Point) }));
  const first = canonicalize({
    points: [
      { y: 2, x: 2 },
      { x: 1, y: 1 },
    ],
  }) as { points: { x: number; y: number }[] };
  t.is(JSON.stringify(first), '{"points":[{"x":1,"y":1},{"x":2,"y":2}]}');
  // As long as it is not frozen it may have been changed since.
  first.points[1]!.x = 0;
  t.is(JSON.stringify(canonicalize(first)), '{"points":[{"x":0,"y":2},{"x":1,"y":1}]}');
  const [point] = first.points;
  Object.freeze(point);
  const second = canonicalize({ points: [{ x: 3, y: 3 }, point] }) as { points: unknown[] };
  t.is(second.points[0], point);
  // What another schema has made of it says nothing.
  const wrong = canonicalizer(Schema.Struct({ points: SetOf(Schema.Struct({ x: Schema.Number })) }));
  t.is(String(wrong({ points: [point] })), ".points[0].y: expected no such field, found 1");
});

test("a set is sorted and without repetition", (t) => {
  t.is(canonical(SetOf(NodeId), ["r2", "r1", "r2"]), '["r1","r2"]');
  t.is(
    canonical(SetOf(Point), [
      { y: 1, x: 2 },
      { x: 1, y: 1 },
      { x: 2, y: 1 },
    ]),
    '[{"x":1,"y":1},{"x":2,"y":1}]',
  );
});

test("a bag is sorted and keeps its repetitions", (t) => {
  t.is(canonical(BagOf(Schema.Number), [3, 1, 3]), "[1,3,3]");
});

test("an array that is no set keeps its order", (t) => {
  t.is(canonical(Schema.Array(Schema.Number), [3, 1, 3]), "[3,1,3]");
});

test("sets inside sets are brought into order from the inside", (t) => {
  t.is(canonical(SetOf(SetOf(Schema.Number)), [[2, 1], [1, 2], [0]]), "[[0],[1,2]]");
});

test("who may sign a certificate is a set, too", (t) => {
  const schema = SignedOf(CertificateOf(Schema.String));
  const [one, other] = [
    ["r1", "r2"],
    ["r2", "r1", "r1"],
  ].map((among) => canonical(schema, sign("r0", certificate("vote", 2, among))));
  t.is(one, other);
});

test("an optional field may be missing", (t) => {
  const schema = Schema.Struct({ a: Schema.Number, b: Schema.optionalKey(Schema.String) });
  t.is(canonical(schema, { a: 1 }), '{"a":1}');
  t.is(canonical(schema, { b: "x", a: 1 }), '{"a":1,"b":"x"}');
});

test("a schema may refer to itself", (t) => {
  interface Tree {
    readonly leaves: readonly Tree[];
  }
  const Tree: Schema.Codec<Tree> = Schema.Struct({ leaves: Schema.Array(Schema.suspend(() => Tree)) });
  t.is(canonical(Tree, { leaves: [{ leaves: [] }] }), '{"leaves":[{"leaves":[]}]}');
  t.is(canonical(Tree, { leaves: [{ leaves: 1 }] }), ".leaves[0].leaves: expected an array, found 1");
});

test("a tuple has its length", (t) => {
  const pair = Schema.Tuple([Schema.String, Schema.Number]);
  t.is(canonical(pair, ["a", 1]), '["a",1]');
  t.is(canonical(pair, ["a"]), 'the value itself: expected an array of length 2, found ["a"]');
  t.is(canonical(pair, ["a", 1, 2]), 'the value itself: expected an array of length 2, found ["a",1,2]');
});

test("any JSON value is sorted by key and otherwise left as it is", (t) => {
  t.is(canonical(Schema.Unknown, { b: [2, 1], a: null }), '{"a":null,"b":[2,1]}');
});

const misfits: readonly (readonly [what: string, schema: Schema.Top, value: unknown, complaint: string])[] = [
  [
    "a wrong leaf",
    Schema.Struct({ p: Point }),
    { p: { x: 1, y: "2" } },
    '.p.y: expected a finite number, found "2"',
  ],
  ["a missing field", Point, { x: 1 }, ".y: expected a finite number, found undefined"],
  ["a field too many", Point, { x: 1, y: 2, z: 3 }, ".z: expected no such field, found 3"],
  ["a wrong item", Schema.Array(Schema.Boolean), [true, 0], "[1]: expected true or false, found 0"],
  ["NaN", Schema.Number, Number.NaN, "the value itself: expected a finite number, found NaN"],
  ["a bigint", Schema.Number, 1n, "the value itself: expected a finite number, found 1n"],
  [
    "a Map",
    Schema.Record(Schema.String, Schema.Number),
    new Map(),
    "the value itself: expected a plain object, found a Map",
  ],
  ["a wrong literal", Schema.Literal("on"), "off", 'the value itself: expected "on", found "off"'],
  ["null for a value", Schema.String, null, "the value itself: expected a string, found null"],
  ["a value for null", Schema.Null, 0, "the value itself: expected null, found 0"],
  [
    "a class instance of another context",
    Schema.Struct({ x: Schema.Number }),
    runInNewContext("new (class Point { x = 1 })"),
    "the value itself: expected a plain object, found a Point",
  ],
  [
    "an object whose text is that of another",
    Schema.Struct({ x: Schema.Number }),
    Object.defineProperty({ x: 1 }, "toJSON", { value: () => ({ x: 2 }) }),
    'the value itself: expected an object without a method toJSON, found {"x":2}',
  ],
  [
    "a Date among any JSON",
    Schema.Unknown,
    { at: [new Date(0)] },
    ".at[0]: expected a JSON value, found a Date",
  ],
];

for (const [what, schema, value, complaint] of misfits)
  test(`${what} does not fit, and the complaint says where`, (t) => {
    t.is(canonical(schema, value), complaint);
  });

test("objects and lists of another context are plain, as where a test runner has one of its own for modules", (t) => {
  const schema = Schema.Struct({
    points: Schema.Array(Schema.Struct({ x: Schema.Number })),
    any: Schema.Unknown,
  });
  const value: unknown = runInNewContext("({ points: [{ x: 1 }], any: { y: [{}] } })");
  t.is(canonical(schema, value), '{"points":[{"x":1}],"any":{"y":[{}]}}');
  t.true(isPlainJson(runInNewContext("({ points: [{ x: 1 }] })")));
  t.false(isPlainJson(runInNewContext("[new Map()]")));
  t.false(isPlainJson(Object.defineProperty({ x: 1 }, "toJSON", { value: () => 2 })));
});

test("a value that fits no member of a union gets the complaint of the member that was meant", (t) => {
  const A = Schema.Struct({ tag: Schema.Literal("a"), n: Schema.Number });
  const B = Schema.Struct({ tag: Schema.Literal("b"), s: Schema.String });
  const schema = Schema.Struct({ body: Schema.Union([A, B]) });
  t.is(canonical(schema, { body: { s: "x", tag: "b" } }), '{"body":{"tag":"b","s":"x"}}');
  t.is(canonical(schema, { body: { tag: "b", s: 1 } }), ".body.s: expected a string, found 1");
  t.is(canonical(schema, { body: { tag: "c" } }), '.body.tag: expected "a" or "b", found "c"');
  t.is(canonical(schema, { body: 1 }), ".body: expected a plain object, found 1");
  const nullable = Schema.Struct({ decided: Schema.NullOr(Schema.String) });
  t.is(canonical(nullable, { decided: 5 }), ".decided: expected a string or null, found 5");
});

test("what does not fit is shown by what it is, and cut where it is long", (t) => {
  const schema = Schema.Struct({ n: Schema.Number });
  const shown = (n: unknown) => String(canonical(schema, { n })).replace(/^.*found /, "");
  t.is(shown("x".repeat(500)), `"${"x".repeat(159)}...`);
  t.is(shown(Promise.resolve()), "a Promise (handlers must not be async)");
  t.is(shown(new Uint8Array(2)), "an Uint8Array");
  t.is(
    shown(() => 1),
    "a function",
  );
  t.is(shown({ a: [1] }), '{"a":[1]}');
});

for (const [kind, schema] of [
  ["BigInt", Schema.BigInt],
  ["Undefined", Schema.optional(Schema.String)],
  ["Declaration", Schema.instanceOf(Map)],
] as const)
  test(`a schema of kind ${kind} is refused at once`, (t) => {
    const error = t.throws(() => canonicalizer(Schema.Struct({ field: schema })), { instanceOf: TypeError });
    t.regex(error!.message, new RegExp(`^A schema of kind ${kind} has no JSON form here`));
  });

test("what a schema's checks ask for is asked of every value", (t) => {
  const canonical = canonicalizer(
    Schema.Struct({ view: Schema.Number.check(Schema.isInt(), Schema.isGreaterThan(2)) }),
  );
  t.deepEqual(canonical({ view: 3 }), { view: 3 });
  t.is(String(canonical({ view: 1 })), ".view: expected a value greater than 2, found 1");
  t.is(String(canonical({ view: 3.5 })), ".view: expected an integer, found 3.5");
});

test("a field of a record or of any JSON may have the name __proto__", (t) => {
  const value = JSON.parse('{"b":1,"__proto__":{"a":2}}');
  const text = '{"__proto__":{"a":2},"b":1}';
  t.is(canonical(Schema.Unknown, value), text);
  t.is(canonical(Schema.Record(Schema.String, Schema.Unknown), value), text);
});

test("only a field of the outermost struct may stand beside a value", (t) => {
  const beside = Schema.Struct({ n: Schema.Number, history: marked(Schema.Unknown, "beside") });
  t.is(canonical(beside, { n: 1, history: [2] }), '{"n":1,"history":[2]}');
  for (const schema of [
    Schema.Array(beside),
    Schema.Struct({ inner: beside }),
    Schema.Union([beside, Schema.Null]),
    Schema.Record(Schema.String, marked(Schema.Unknown, "beside")),
    marked(Schema.Unknown, "beside"),
  ])
    t.throws(() => canonicalizer(schema), {
      instanceOf: TypeError,
      message: /^Only a field of the outermost struct of a state can be marked "beside"/,
    });
});

test("a field that every object inherits is missing where it is optional and not written", (t) => {
  const schema = Schema.Struct({ n: Schema.Number, constructor: Schema.optionalKey(Schema.String) });
  t.is(canonical(schema, { n: 1 }), '{"n":1}');
  t.is(canonical(schema, { n: 1, constructor: "x" }), '{"n":1,"constructor":"x"}');
});

const OneOrMore = Schema.Union([
  Schema.Struct({ to: Schema.Tuple([NodeId]) }),
  Schema.Struct({ to: SetOf(NodeId), also: Schema.optionalKey(Schema.Null) }),
]);

test("what one member of a union has brought into a form that another accepts is the same value", (t) => {
  const interner = new Interner<unknown>(OneOrMore);
  const values = [{ to: ["r1", "r1"] }, { to: ["r1"] }, { to: ["r1", "r2"] }, { to: ["r2", "r1", "r2"] }];
  t.deepEqual(
    values.map((value) => interner.intern(value)),
    [0, 0, 1, 1],
  );
  const other = new Interner<unknown>(OneOrMore);
  for (const text of interner.texts()) other.deserialize(text);
  t.deepEqual(
    [...values, ...interner.values].map((value) => other.intern(value)),
    [0, 0, 1, 1, 0, 1],
  );
});
