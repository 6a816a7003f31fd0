// What the mutator may make of a message, written out; it fits the schema, and nobody else's word is changed.

import test from "ava";
import * as Schema from "effect/Schema";
import { variants } from "../../adversaries/generic/variants.js";
import { mutator } from "../../adversaries/index.js";
import { canonicalizer, SchemaMismatch } from "../../src/model/canonical.js";
import { collection, type Json, NodeId, type Protocol, sign } from "../../src/protocol/index.js";
import { Message, type ViewChange } from "../../src/protocols/pbft/messages.js";
import { pbft } from "../../src/protocols/pbft/protocol.js";
import { digestOf } from "../../src/protocols/pbft/requests.js";
import { A, B, four, prePrepare, prepare, prepared, viewChange } from "../protocols/pbft/support.js";

const place = { self: "r1", byzantine: ["r1"], config: four, protocol: pbft() as unknown as Protocol };
const says = (message: Message) => mutator.stepFaults!.says!(message, place) as readonly Message[];
const alphabet = { self: "r1", byzantine: ["r1"], nodes: ["r0", "r1"], values: ["x", "y"] };

test("of a prepare each field is changed by itself, and its type too", (t) => {
  const { body } = prepare("r1", 0, 1, A);
  t.deepEqual(
    says(prepare("r1", 0, 1, A)).map((message) => message.body),
    [
      { ...body, view: 1 },
      { ...body, slot: 2 },
      { ...body, slot: 0 },
      { ...body, digest: digestOf(B) },
      { ...body, tag: "commit" },
    ] as never[],
  );
});

test("every variant fits the schema, and is signed by the puppet", (t) => {
  const canonical = canonicalizer(Message);
  const own = sign("r1", prePrepare(1, 1, A).body);
  const messages = [
    prepare("r1", 1, 1, A),
    own,
    viewChange("r1", 1, [prepared(0, 1, A)]),
    sign("r1", { tag: "reply", view: 0, client: "c0", timestamp: 1, result: "A@1" } as const),
  ] as Message[];
  for (const message of messages) {
    const found = says(message);
    t.true(found.length > 0);
    for (const variant of found) {
      t.false(canonical(variant) instanceof SchemaMismatch, JSON.stringify(variant));
      t.is(variant.signer, "r1");
    }
  }
});

test("what others have signed, certificates and collections stay, or are left out whole", (t) => {
  const proof = prepared(0, 1, A);
  const kept = JSON.stringify([proof]);
  const bodies = says(viewChange("r1", 1, [proof])).map(({ body }) => body as ViewChange);
  t.deepEqual(
    bodies.map(({ view, stable, prepared }) => [view, stable, prepared.length]),
    [
      [2, 0, 1],
      [0, 0, 1],
      [1, 1, 1],
      [1, 0, 0],
    ],
  );
  for (const { prepared } of bodies) t.true(prepared.length === 0 || JSON.stringify(prepared) === kept);
});

test("what it has signed itself it may change inside, and sign anew", (t) => {
  const newView = sign("r1", {
    tag: "new-view" as const,
    view: 1,
    viewChanges: collection([viewChange("r0", 1).body as ViewChange], 1, ["r0"]),
    proposals: [sign("r1", { ...prePrepare(1, 1, A).body, tag: "pre-prepare" as const })],
  }) as Message;
  const proposals = says(newView).flatMap(({ body }) => (body.tag === "new-view" ? [body.proposals] : []));
  t.true(proposals.some(({ length }) => length === 0));
  t.true(proposals.some(([first]) => first?.body.slot === 2 && first.signer === "r1"));
  t.true(
    proposals.every(
      ([first]) => !first?.body.request || JSON.stringify(first.body.request) === JSON.stringify(A),
    ),
  );
});

test("the message of somebody else is not changed at all", (t) => {
  t.deepEqual(says(prepare("r2", 0, 1, A)), []);
});

test("kinds of fields: literals, booleans, names, optional fields, records and lists", (t) => {
  const schema = Schema.Struct({
    phase: Schema.Literals(["a", "b"]),
    sure: Schema.Boolean,
    who: NodeId,
    maybe: Schema.optionalKey(Schema.Null),
    text: Schema.NullOr(Schema.String),
    items: Schema.Array(Schema.Number),
  });
  const value = { phase: "a", sure: true, who: "r0", maybe: null, text: "x", items: [0, 5] };
  const { maybe: _, ...without } = value;
  t.deepEqual(variants(schema, value as unknown as Json, alphabet), [
    { ...value, phase: "b" },
    { ...value, sure: false },
    { ...value, who: "r1" },
    without,
    { ...value, text: "y" },
    { ...value, text: null },
    { ...value, items: [1, 5] },
    { ...value, items: [0, 6] },
    { ...value, items: [0, 4] },
    { ...value, items: [5] },
    { ...value, items: [0] },
  ] as unknown as Json[]);
});
