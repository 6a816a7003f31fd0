// What the Byzantine nodes know: a growing set of statements that correct nodes have signed.

import test from "ava";
import fc from "fast-check";
import { KnowledgeBase } from "../../src/model/knowledge.js";
import { deepFreeze } from "../../src/model/plain-json.js";
import {
  authenticate,
  certificate,
  collection,
  type Json,
  type Signed,
  sign,
} from "../../src/protocol/index.js";

const yes = { vote: "yes" };

function base(observes: (statement: Signed<Json>) => boolean = () => true): KnowledgeBase {
  return new KnowledgeBase(["r3"], observes);
}

function json(value: unknown): Json {
  return deepFreeze(value as Json) ?? (value as Json);
}

test("everything signed in a message is learned, however deeply it is nested", (t) => {
  const knowledge = base();
  const inner = sign("r1", yes);
  const outer = sign("r0", { carries: [{ deep: inner }] });
  const set = knowledge.learn([json({ plain: outer })]);
  t.deepEqual(knowledge.view(set).statements(), [outer, inner]);
  t.true(knowledge.view(set).canShow(inner));
  t.false(knowledge.view(set).canShow(sign("r2", yes)));
  t.false(knowledge.view(set).canShow(sign("r1", { vote: "no" })));
});

test("equal statements are one, in whatever order their fields stand", (t) => {
  const knowledge = base();
  const set = knowledge.learn([json(sign("r1", { a: 1, b: 2 }))]);
  t.is(knowledge.learn([json(sign("r1", { b: 2, a: 1 }))]), set);
  t.true(knowledge.view(set).canShow({ body: { b: 2, a: 1 }, signer: "r1", tag: "signed" }));
});

test("the union of two sets knows what either knows", (t) => {
  const knowledge = base();
  const [one, other] = ["r1", "r2"].map((signer) => knowledge.learn([json(sign(signer, yes))]));
  const both = knowledge.union(one!, other!);
  t.is(knowledge.union(other!, one!), both);
  t.is(knowledge.union(both, one!), both);
  t.is(knowledge.union(0, one!), one!);
  t.deepEqual(
    [0, one!, other!, both].map((set) => knowledge.view(set).canProve(certificate(yes, 2, ["r1", "r2"]))),
    [false, false, false, true],
  );
});

test("a Byzantine node's own statements need not be known", (t) => {
  t.true(base().view(0).canShow(sign("r3", yes)));
  t.true(base().admits(0, json(sign("r3", { own: sign("r3", yes) }))));
});

test("a statement that is known is shown whole: what stands inside it needs no proof of its own", (t) => {
  const knowledge = base(({ signer }) => signer === "r0");
  const whole = sign("r0", { inner: sign("r1", yes), proof: certificate(yes, 9, ["r1"]) });
  const set = knowledge.learn([json(whole)]);
  t.true(knowledge.admits(set, json(sign("r3", { shows: whole }))));
  t.false(knowledge.admits(set, json(sign("r3", { shows: sign("r1", yes) }))));
  t.false(knowledge.admits(set, json(sign("r3", { shows: certificate(yes, 9, ["r1"]) }))));
});

test("a statement inside a certificate's vote has to be known like any other", (t) => {
  const knowledge = base();
  const about = certificate({ about: sign("r1", yes) }, 0, []);
  t.false(knowledge.admits(0, json(sign("r3", { about }))));
  t.true(knowledge.admits(knowledge.learn([json(sign("r1", yes))]), json(sign("r3", { about }))));
});

test("a message that is no object has nothing in it to forge", (t) => {
  t.true(base().admits(0, "hello"));
});

// --- authenticators ---

const toAll = authenticate("c0", yes, ["r0", "r1", "r2", "r3"]);
const shows = (statement: Signed<unknown>) => json(sign("r3", { shows: statement }));

test("of an authenticator that is known MACs can be spoiled, and none added", (t) => {
  const knowledge = base();
  const set = knowledge.learn([json(authenticate("c0", yes, ["r0", "r1", "r3"]))]);
  for (const [receivers, can] of [
    [["r0", "r1", "r3"], true],
    [["r1"], true],
    [["r3", "r0"], true],
    [["r0", "r2"], false],
  ] as const) {
    const statement = authenticate("c0", yes, receivers);
    t.is(knowledge.view(set).canShow(statement), can, receivers.join());
    t.is(knowledge.admits(set, shows(statement)), can, receivers.join());
  }
});

test("MACs of several authenticators can be mixed", (t) => {
  const knowledge = base();
  const set = knowledge.learn(["r0", "r1"].map((id) => json(authenticate("c0", yes, [id]))));
  t.true(knowledge.admits(set, shows(authenticate("c0", yes, ["r0", "r1"]))));
  t.false(knowledge.admits(set, shows(toAll)));
});

test("for itself a Byzantine node makes a MAC in anybody's name, for others it does not", (t) => {
  t.true(base().admits(0, shows(authenticate("c0", yes, ["r3"]))));
  t.true(base().admits(0, shows(authenticate("c0", yes, []))));
  t.false(base().admits(0, shows(authenticate("c0", yes, ["r3", "r0"]))));
});

test("in its own name it makes one that is right for whom it likes", (t) => {
  t.true(base().admits(0, shows(authenticate("r3", yes, ["r1"]))));
});

test("an authenticator is no signature, and proves nothing to third parties", (t) => {
  const knowledge = base();
  const set = knowledge.learn([json(toAll)]);
  t.false(knowledge.view(set).canShow(sign("c0", yes)));
  t.false(knowledge.admits(set, json(certificate(yes, 1, ["c0"]))));
  t.false(knowledge.admits(set, json(collection([yes], 1, ["c0"]))));
  const signed = base();
  t.false(signed.view(signed.learn([json(sign("c0", yes))])).canShow(toAll));
});

test("an authenticator that convinces no correct node hides nothing: what stands in it has to be known", (t) => {
  const knowledge = base();
  const forged = sign("r2", "never said");
  for (const convinces of [[], ["r3"]])
    t.false(knowledge.admits(0, json(authenticate("r1", { quotes: forged }, convinces))));
  const said = knowledge.learn([json(forged)]);
  t.true(knowledge.admits(said, json(authenticate("r1", { quotes: forged }, []))));
});

test("a collection is proven if each of its bodies has a signer of its own, and enough have signed: by trying every choice", (t) => {
  const signers = ["r0", "r1", "r2", "r3", "r4", "r5"];
  const bodies = ["a", "b", "c", "d"];
  let proven = 0;
  const said = fc.uniqueArray(fc.tuple(fc.constantFrom(...signers), fc.constantFrom(...bodies)), {
    selector: String,
    maxLength: 14,
  });
  const some = fc.uniqueArray(fc.constantFrom(...bodies), { minLength: 1 });
  fc.assert(
    fc.property(said, some, fc.integer({ min: 1, max: 5 }), (pairs, wanted, atLeast) => {
      const knowledge = base(); // r3 is Byzantine: it can sign everything
      const set = knowledge.learn(pairs.map(([signer, body]) => json(sign(signer, { body }))));
      const can = (signer: string, body: string) =>
        signer === "r3" || pairs.some(([by, what]) => by === signer && what === body);
      const hasOwn = (rest: readonly string[], free: readonly string[]): boolean =>
        rest.length === 0 ||
        free.some(
          (signer) =>
            can(signer, rest[0]!) &&
            hasOwn(
              rest.slice(1),
              free.filter((other) => other !== signer),
            ),
        );
      const able = signers.filter((signer) => wanted.some((body) => can(signer, body)));
      const expected = able.length >= atLeast && hasOwn(wanted, signers);
      const proof = collection(
        wanted.map((body) => ({ body })),
        atLeast,
        signers,
      );
      t.is(knowledge.admits(set, json(proof)), expected);
      if (expected && wanted.length > 1) proven++;
    }),
    { seed: 3, numRuns: 2000 },
  );
  t.true(proven > 300, `${proven}`);
});
