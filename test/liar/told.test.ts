// Replaying what the generic liar has said: it may say whatever is no forgery, whether it stands in the alphabet of a search or not.

import test from "ava";
import * as Schema from "effect/Schema";
import { agreement, validity } from "../../properties/index.js";
import { search } from "../../src/explore/search.js";
import { Dice } from "../../src/fuzz/dice.js";
import { liarOf } from "../../src/liar/adversary.js";
import { savedAlphabets } from "../../src/liar/work.js";
import { minimize } from "../../src/minimize/index.js";
import type { Action } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import {
  type Adversary,
  CertificateOf,
  CollectionOf,
  certificate,
  collection,
  defineProtocol,
  type Json,
  type Protocol,
  reply,
  SetOf,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";
import { bracha, brachaMutants } from "../../src/protocols/bracha/index.js";
import { tendermint } from "../../src/protocols/tendermint/index.js";
import { type Diverged, replayIn } from "../../src/trace/index.js";
import { authenticated } from "./authenticated-protocol.js";
import { collecting } from "./collecting-protocol.js";
import { naming, signing } from "./proving-protocol.js";

const config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false };
const ids = ["r0", "r1", "r2", "r3"];
const Vote = Schema.Struct({ tag: Schema.Literal("vote"), value: Schema.String });
const voteFor = (value: string) => ({ tag: "vote" as const, value });

/** Each replica signs a vote for its request, and executes what it is told by anybody who shows something signed. */
const trusting = () =>
  defineProtocol({
    name: "trusting",
    summary: "whatever is shown is executed",
    requests: ["A", "B"],
    state: { voted: Schema.NullOr(Schema.String), decided: Schema.NullOr(Schema.String) },
    initial: { voted: null, decided: null },
    messages: {
      vote: SignedOf(Schema.Struct({ value: Schema.String })),
      list: { value: Schema.String, votes: SetOf(SignedOf(Vote)) },
      proof: { value: Schema.String, proof: CertificateOf(Vote) },
      gathered: { value: Schema.String, proof: CollectionOf(Vote) },
    },
    onRequest: ({ self }, state, value) =>
      state.voted === null ? reply({ ...state, voted: value }).broadcast(sign(self, voteFor(value))) : state,
    on: {
      vote: (_, state) => state,
      list: (_, state, { message: { value } }) => executing(state, value),
      proof: (_, state, { message: { value } }) => executing(state, value),
      gathered: (_, state, { message: { value } }) => executing(state, value),
    },
  }) as unknown as Protocol<Json, Json>;

function executing<S extends { readonly decided: string | null }>(state: S, value: string) {
  return state.decided === null ? reply({ ...state, decided: value }).executed({ request: value }) : state;
}

function settingOf(protocol: Protocol<Json, Json>, adversary: Adversary<Json> = liarOf(protocol)): Setting {
  return {
    ...{ protocol, adversary, config, byzantine: ["r1"], network: "async", bounds: { views: 0 } },
    properties: [agreement],
  };
}

const says = (to: string, message: unknown, from = "r1"): Action => ({
  ...{ kind: "inject", from, to, message: message as Json },
});

const replayed = (actions: readonly Action[], setting = settingOf(trusting())) =>
  replayIn(setting, "agreement", { start: {}, actions });
/** Why an action is refused, and which. */
const refusal = (...args: Parameters<typeof replayed>) => {
  const { at, reason } = replayed(...args) as Diverged;
  return [at, reason];
};

/** Two values that no request has, and no rehearsal knows. */
const twoValues = ["zebra", "yak"].map((value, index) =>
  says(`r${index * 2}`, { tag: "list", value, votes: [sign("r1", voteFor(value))] }),
);

test("what the generic liar has said is replayed though it stands in no alphabet, and none is worked out", (t) => {
  const setting = settingOf(trusting());
  const result = replayed(twoValues, setting);
  t.is(result.outcome, "reproduced");
  t.is(result.outcome === "reproduced" && result.after, 2);
  t.deepEqual(savedAlphabets(setting.protocol), []);
});

test("what search finds against the generic liar is replayed without its alphabet", async (t) => {
  const { protocol } = brachaMutants.find(({ name }) => name === "bracha/joins-on-one")!;
  const setting = { ...settingOf(protocol), properties: [validity] };
  const { counterexample } = await search(setting, { reduction: "dominance" });
  t.is(counterexample?.actions.length, 3);
  const again = { ...protocol }; // the alphabet is kept by protocol
  const result = replayIn(
    { ...setting, protocol: again, adversary: liarOf(again) },
    "validity",
    counterexample!,
  );
  t.is(result.outcome === "reproduced" && result.after, 3);
  t.deepEqual([savedAlphabets(protocol).length, savedAlphabets(again).length], [1, 0]);
});

test("a statement that a correct node has not signed is a forgery, and the replay says whose", (t) => {
  const forgery = sign("r2", voteFor("zebra"));
  const unsigned = 'r2, which is correct, has not signed: {"tag":"vote","value":"zebra"}';
  const list = (...votes: readonly unknown[]) => says("r0", { tag: "list", value: "zebra", votes });
  t.deepEqual(refusal([list(sign("r1", voteFor("zebra")), forgery)]), [1, unsigned]);
  t.deepEqual(refusal([list(), list(forgery)]), [2, unsigned]);
  const inItsName = "r2 is correct, so nobody else can sign in its name";
  t.deepEqual(refusal([says("r0", forgery, "r2")]), [1, inItsName]);
  t.deepEqual(refusal([says("r0", forgery)]), [1, "it is signed by r2, so it does not come from r1"]);
  const asR2 = says("r0", { tag: "list", value: "zebra", votes: [] }, "r2");
  t.deepEqual(refusal([asR2]), [1, "r2 is correct, so nobody else can speak in its name"]);
  t.is(replayed([list(sign("r2", voteFor("A")))]).outcome, "holds now"); // it has signed that
});

test("a statement in a correct node's name with an authenticator for nobody is refused where such statements are signed", (t) => {
  const spoiled = (convinces: readonly string[]) => ({ ...sign("r2", voteFor("zebra")), convinces });
  for (const convinces of [[], ["r1"]]) {
    t.is(replayed([says("r0", spoiled(convinces), "r2")]).outcome, "diverged");
    const list = says("r0", { tag: "list", value: "zebra", votes: [spoiled(convinces)] });
    t.is(replayed([list]).outcome, "diverged");
  }
  const precommits = ["r0", "r1", "r2"].map((signer) =>
    says("r3", { ...sign(signer, { tag: "precommit", round: 0, value: "B" }), convinces: [] }, signer),
  );
  const setting = {
    ...settingOf(tendermint() as unknown as Protocol<Json, Json>),
    config: { ...config, requests: 2 },
  };
  const result = replayIn(setting, "agreement", { start: { r0: "A; A; B" }, actions: precommits });
  t.is(result.outcome === "diverged" && result.at, 1);
});

test("a certificate, or a collection, that too few known nodes have signed is a forgery", (t) => {
  const certified = (value: string, atLeast: number) =>
    says("r0", { tag: "proof", value, proof: certificate(voteFor(value), atLeast, ids) });
  const zebra = '{"tag":"vote","value":"zebra"}';
  const has = (atLeast: number) => `a certificate needs ${atLeast} signers, and has r1 at most: ${zebra}`;
  t.deepEqual(refusal([certified("zebra", 2)]), [1, has(2)]);
  t.deepEqual(refusal([certified("zebra", 4)]), [1, has(4)]);
  t.is(replayed([certified("zebra", 1)]).outcome, "holds now"); // r1 signs it
  t.is(replayed([certified("A", 4)]).outcome, "holds now"); // r0, r2 and r3 have signed it
  const gathered = (values: readonly string[], atLeast: number) =>
    says("r0", { tag: "gathered", value: "zebra", proof: collection(values.map(voteFor), atLeast, ids) });
  const tooFew = (atLeast: number, bodies: string) =>
    `a collection needs ${atLeast} signers among r0, r1, r2, r3, for each body another one; too few have signed these: [${bodies}]`;
  t.deepEqual(refusal([gathered(["zebra"], 2)]), [1, tooFew(2, zebra)]);
  const yak = '{"tag":"vote","value":"yak"}';
  t.deepEqual(refusal([gathered(["zebra", "yak"], 2)]), [1, tooFew(2, `${yak},${zebra}`)]);
  t.is(replayed([gathered(["zebra", "A"], 4)]).outcome, "holds now");
});

test("an adversary that says less than it may is as narrow in a replay as in a search", (t) => {
  const protocol = trusting();
  const only = twoValues.slice(0, 1).map((action) => (action as { readonly message: Json }).message);
  const narrowed = { ...liarOf(protocol), moves: () => only };
  t.is(replayed(twoValues.slice(0, 1), settingOf(protocol, narrowed)).outcome, "holds now");
  t.deepEqual(refusal(twoValues, settingOf(protocol, narrowed)), [2, undefined]); // no forgery: it never says so
});

test("values to which the protocol's alphabet narrows a field are all that a replay allows there", (t) => {
  const protocol = bracha() as unknown as Protocol<Json, Json>;
  const setting = { ...settingOf(protocol), byzantine: ["r0"] };
  const initial = (value: string) => [says("r1", { tag: "initial", value }, "r0")];
  t.is(replayed(initial("A"), setting).outcome, "holds now");
  t.deepEqual(savedAlphabets(protocol), []);
  t.is(replayed(initial("zebra"), setting).outcome, "diverged");
});

test("a trace with a message that stands in no alphabet is minimized", async (t) => {
  const setting = settingOf(trusting());
  const beside = says("r3", { tag: "list", value: "zebra", votes: [] });
  const run = { property: "agreement", start: {}, actions: [beside, ...twoValues] };
  const { counterexample } = await minimize(setting, run, { maxStates: 0, parts: [] });
  t.is(counterexample.actions.length, 2);
});

test("whatever a run with the generic liar does, its replay can do as well, without the alphabet", (t) => {
  const protocols = [
    ...[bracha(), naming, signing(({ faults }) => faults + 1), collecting("timer"), trusting()],
    authenticated("r1", false), // of the authenticators in a correct node's name some are spoiled
  ];
  let [injected, inOthersNames] = [0, 0];
  for (const [index, one] of protocols.entries())
    for (let run = 0; run < 20; run++) {
      const protocol = one as unknown as Protocol<Json, Json>;
      const setting = { ...settingOf(protocol), byzantine: [["r0", "r1", "r3"][index % 3]!] };
      const system = new TransitionSystem(setting);
      const walk = new Walk(system, system.initial()[0]!);
      const dice = new Dice(run);
      for (let step = 0; step < 12 && walk.successors().length > 0 && !walk.violation(); step++)
        walk.take(dice.below(walk.successors().length));
      const lies = walk.actions.flatMap((action) => (action.kind === "inject" ? [action] : []));
      injected += lies.length;
      inOthersNames += lies.filter(({ from }) => !setting.byzantine.includes(from)).length;
      const again = { ...protocol };
      const elsewhere = { ...setting, protocol: again, adversary: liarOf(again) };
      t.not(replayIn(elsewhere, "agreement", walk.execution).outcome, "diverged");
      if (protocol.alphabet === undefined) t.deepEqual(savedAlphabets(again), []);
    }
  t.deepEqual([injected, inOthersNames], [385, 47]);
});
