// Moves are made up once for all knowledge that the adversary cannot tell apart. The oracle asks it anew each time, and
// answers from a plain set.

import test from "ava";
import fc from "fast-check";
import { UserError } from "../../src/model/errors.js";
import { Inputs } from "../../src/model/inputs.js";
import { Moves } from "../../src/model/moves.js";
import {
  type Adversary,
  certificate,
  collection,
  type Json,
  type Knowledge,
  type Signed,
  sign,
} from "../../src/protocol/index.js";
import { toyProtocol, toySetting } from "../support/toy.js";

const signers = ["r0", "r1", "r2"];
const bodies = ["a", "b", "c"];
const statements = signers.flatMap((signer) => bodies.map((body) => sign(signer, body)));

function adversaryWith(moves: (knowledge: Knowledge) => readonly Json[]): Adversary<Json> {
  const nothing = { summary: "for a test", strength: 1, forwards: false, speaks: true };
  return {
    name: "asking",
    ...nothing,
    canMove: () => true,
    observes: () => true,
    moves: (_, knowledge) => moves(knowledge),
  };
}

function movesOf(adversary: Adversary<Json>) {
  const setting = toySetting({}, { adversary, byzantine: ["r3"] });
  const inputs = new Inputs(toyProtocol({}));
  const moves = new Moves(setting, [], inputs, []);
  const setOf = (known: readonly Signed<Json>[]) =>
    moves.learnedFromMessage(inputs.message({ all: known as unknown as Json }, "r0", "protocol-malformed"));
  const list = (known: readonly Signed<Json>[]) => inputs.list(moves.towards("replica", setOf(known))).items;
  return {
    list,
    said: (known: readonly Signed<Json>[]) => list(known).map((packet) => inputs.content(packet)),
  };
}

/** What an adversary asks and says, by a list of numbers: what is asked next depends on the answers. */
function asking(numbers: readonly number[]) {
  return (knowledge: Knowledge): Json[] => {
    let at = 1;
    const next = () => numbers[at % numbers.length]!;
    const said: Json[] = [];
    for (let step = 0; step < 6; step++) {
      const number = next();
      const statement = statements[number % statements.length]!;
      const proof = certificate(bodies[number % 3]!, 1 + (number % 3), signers);
      const set = collection(number % 2 ? ["a", "b"] : [bodies[number % 3]!], 2, [...signers, "r3"]);
      const answers = [
        () => Number(knowledge.canShow(statement)),
        () => Number(knowledge.canProve(proof)),
        () => Number(knowledge.canProve(set)),
        () => knowledge.statements(({ body }) => body === bodies[number % 3]).length,
        () => knowledge.statements().length,
        () => knowledge.bodies((body) => body !== bodies[number % 3]).length,
      ];
      at = at * 7 + answers[number % answers.length]!() + 1;
      const shown = [[statement], [proof], [set], [number % 4]][next() % 4]!;
      said.push(sign("r3", { shown: shown as Json[] }) as unknown as Json);
    }
    return said;
  };
}

/** The same questions answered from the list of what is known. */
function plainly(known: readonly Signed<Json>[]): Knowledge {
  const knows = (signer: string, body: unknown) =>
    known.some((one) => one.signer === signer && one.body === body);
  const able = (signer: string, body: unknown) => signer === "r3" || knows(signer, body);
  return {
    statements: (matching = () => true) => known.filter(matching),
    bodies: (matching = () => true) => [...new Set(known.map(({ body }) => body))].filter(matching),
    canShow: ({ signer, body }) => able(signer, body),
    canProve: (proof) => {
      if (proof.tag === "certificate")
        return proof.among.filter((signer) => able(signer, proof.vote)).length >= proof.atLeast;
      const everybody = proof.among.filter((signer) => proof.bodies.some((body) => able(signer, body)));
      const places = (bodies: readonly unknown[], free: readonly string[]): boolean =>
        bodies.length === 0 ||
        free.some(
          (signer) =>
            able(signer, bodies[0]) &&
            places(
              bodies.slice(1),
              free.filter((other) => other !== signer),
            ),
        );
      return everybody.length >= proof.atLeast && places(proof.bodies, proof.among);
    },
  };
}

/** Whether what a message shows can be shown. */
function isAdmitted(message: Json, knowledge: Knowledge): boolean {
  const [shown] = (message as unknown as Signed<{ shown: readonly [Json] }>).body.shown;
  const { tag } = shown as { readonly tag?: string };
  if (tag === "signed") return knowledge.canShow(shown as never);
  return tag === undefined || knowledge.canProve(shown as never);
}

test("what is made up once is what the adversary says when it is asked anew", (t) => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(fc.nat(10_000), { minLength: 3, maxLength: 40 }),
      fc.array(fc.subarray(statements), { minLength: 20, maxLength: 40 }),
      (numbers, sets) => {
        const ask = asking(numbers);
        const { said } = movesOf(adversaryWith(ask));
        for (const known of sets) {
          const knowledge = plainly(known);
          const proposed = ask(knowledge);
          const admitted = proposed.filter((message) => isAdmitted(message, knowledge));
          refused += proposed.length - admitted.length;
          const texts = (messages: readonly Json[]) =>
            [...new Set(messages.map((message) => JSON.stringify(message)))].sort();
          t.deepEqual(texts(said(known).map(inPlainOrder)), texts(admitted.map(inPlainOrder)));
        }
      },
    ),
    { seed: 11, numRuns: 300 },
  );
  t.true(refused > 1000); // both kinds were compared
});

/** Keys sorted at all depths, as the model keeps what any JSON schema lets through. */
function inPlainOrder(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inPlainOrder);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inPlainOrder(item)]));
}

test("an adversary is asked again only when an answer is another one", (t) => {
  let asked = 0;
  const { list } = movesOf(
    adversaryWith((knowledge) => {
      asked++;
      return knowledge.canShow(statements[0]!) ? ["known"] : [];
    }),
  );
  t.is(list([]).length, 0);
  t.is(list([statements[1]!]).length, 0);
  t.is(list([statements[0]!]).length, 1);
  t.is(list([statements[0]!, statements[2]!]).length, 1);
  t.is(asked, 4); // two different answers, each made up twice to see whether that is the same
});

test("an adversary that makes up different moves when it is asked twice is named", (t) => {
  let asked = 0;
  const fickle = movesOf(adversaryWith(() => [`${asked++}`]));
  const error = t.throws(() => fickle.list([]), { instanceOf: UserError });
  t.is(error.code, "adversary-malformed");
  t.is(
    error.message,
    "The adversary asking is nondeterministic: knowing the same, it makes up different moves.",
  );
});

test("so is one that asks different questions after the same answers", (t) => {
  let asked = 0;
  const fickle = movesOf(
    adversaryWith((knowledge) => {
      const first = asked++ < 2 ? statements[0]! : statements[1]!;
      return knowledge.canShow(first) ? ["known"] : [];
    }),
  );
  t.is(fickle.list([]).length, 0);
  t.throws(() => fickle.list([statements[0]!]), { instanceOf: UserError, message: /is nondeterministic/ });
});
