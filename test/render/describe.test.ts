import test from "ava";
import { certificate, collection, type Json, sign } from "../../src/protocol/index.js";
import { pbft, requestsOf } from "../../src/protocols/pbft/index.js";
import { describer } from "../../src/render/describe.js";
import { eventText } from "../../src/render/step-words.js";

const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
const [requestA, requestB] = requestsOf(config);
const describe = describer(pbft() as never, config);
const say = (message: unknown) => describe.message(message as Json);
const prePrepare = (view: number, digest: string, request: unknown) =>
  sign("r0", { tag: "pre-prepare", view, slot: 1, digest, request });
const vote = (digest: string) => ({ tag: "prepare", view: 0, slot: 1, digest });
const prepared = (digest: string, request: unknown, votedFor = digest) => ({
  tag: "prepared",
  prePrepare: prePrepare(0, digest, request),
  prepares: certificate(vote(votedFor), 2, ["r1", "r2", "r3"]),
});
const viewChange = (signer: string, items: readonly unknown[]) =>
  sign(signer, { tag: "view-change", view: 1, stable: 0, prepared: items });

test("an action says who put what in front of whom, and how", (t) => {
  const message = prePrepare(0, "c0:1:A", requestA) as unknown as Json;
  const [from, to] = ["r0", "r1"];
  t.is(describe.action({ kind: "deliver", from, to, message }), "r0 → r1  pre-prepare view 0 slot 1 c0:1:A");
  t.is(
    describe.action({ kind: "inject", from, to, message }),
    "r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  (Byzantine)",
  );
  t.is(
    describe.action({ kind: "relay", from, to, message, choice: "proposes c0:1:A" }),
    "r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  [proposes c0:1:A]  (relayed by a Byzantine node)",
  );
  t.is(describe.action({ kind: "timer", node: "r2", timer: "view-change" }), "r2  timer view-change fires");
});

test("votes, replies and requests are their tag and their fields", (t) => {
  t.is(say(sign("r1", vote("c0:1:A"))), "prepare view 0 slot 1 c0:1:A");
  t.is(
    say(sign("r1", { tag: "reply", view: 0, client: "c0", timestamp: 1, result: "A@1" })),
    "reply view 0 c0 timestamp 1 A@1",
  );
  t.is(say(requestA), "request c0:1:A");
});

test("a message whose type is called type or kind begins with it, wherever it stands", (t) => {
  t.is(say({ value: "A", type: "echo", term: 2 }), "echo A term 2");
  t.is(say({ value: "A", kind: "echo", type: 3 }), "echo A type 3");
  t.is(say({ kind: "x", tag: "echo" }), "echo x");
});

test("a proposal whose request is not the one that the digest names shows both", (t) => {
  t.is(say(prePrepare(0, "c0:1:A", requestB)), "pre-prepare view 0 slot 1 c0:1:A, request: c1:1:B");
  t.is(say(prePrepare(0, "null", null)), "pre-prepare view 0 slot 1 null no request");
  t.is(
    say(prePrepare(0, "c0:1:A", sign("r0", requestA!.body))),
    "pre-prepare view 0 slot 1 c0:1:A, request c0 timestamp 1 A by r0",
  );
});

test("a view-change sums up its certificates", (t) => {
  t.is(say(viewChange("r1", [])), "view-change to view 1, prepared: nothing");
  t.is(
    say(viewChange("r1", [prepared("c0:1:A", requestA)])),
    "view-change to view 1, prepared: slot 1 c0:1:A@view 0 (2 of 3 votes)",
  );
  t.is(
    say(viewChange("r1", [prepared("c0:1:A", requestB, "c1:1:B")])),
    "view-change to view 1, prepared: slot 1 c0:1:A (request: c1:1:B)@view 0 (2 of 3 votes for prepare view 0 slot 1 c1:1:B)",
  );
});

test("a new-view sums up its proposals and the view-changes behind them", (t) => {
  const newView = (viewChanges: readonly { readonly body: unknown }[], proposals: readonly unknown[]) => {
    const bodies = viewChanges.map(({ body }) => body);
    return sign("r1", { tag: "new-view", view: 1, viewChanges: collection(bodies, 3, ["r0"]), proposals });
  };
  t.is(say(newView([], [])), "new-view 1, proposes: nothing, because of no view-change");
  t.is(
    say(
      newView(
        [viewChange("r2", [prepared("c0:1:A", requestA)]), viewChange("r3", [])],
        [prePrepare(1, "c0:1:A", requestA)],
      ),
    ),
    "new-view 1, proposes: slot 1 c0:1:A, because of view-changes of 3 replicas: with prepared: slot 1 c0:1:A@view 0 (2 of 3 votes), without certificates",
  );
});

test("messages of any other protocol are their tag and their fields, too", (t) => {
  t.is(say({ tag: "view-change", to: 3 }), "view-change to 3");
  t.is(
    say({ tag: "block", lastRound: 2, final: false, parent: null, votes: [], txs: ["a", "b"] }),
    "block last round 2 not final no parent no votes, txs: [a; b]",
  );
  t.is(
    say({ tag: "qc", proof: certificate({ tag: "vote", round: 1 }, 3, ["r0"]), nested: { deep: { x: 1 } } }),
    "qc, proof: 3 × vote round 1, nested: deep: x 1",
  );
  t.is(say({ round: 4 }), "round 4");
  t.is(say("ping"), "ping");
  t.is(say(null), "none");
});

test("what a node reports is said in words, like a message", (t) => {
  const told = (name: string, data: unknown) =>
    eventText("r0", { kind: "custom", name, data: data as Json }, describe);
  t.is(
    told("leader", { term: 3, log: [{ term: 1, value: "A" }] }),
    "r0 reports leader: term 3, log: [term 1 A]",
  );
  t.is(told("log", { log: [{ term: 1, value: "A" }] }), "r0 reports log: [term 1 A]");
  t.is(told("waiting", true), "r0 reports waiting: true");
  t.is(told("return", ""), 'r0 reports return: ""');
  t.is(told("stopped", null), "r0 reports stopped");
  t.is(told("bell", "\u0007"), "r0 reports bell: \\u0007");
});

test("what messages of classes hold besides JSON is said as what it is", (t) => {
  const tagged = (kind: string, held: unknown) => ({ "@": [kind, held] });
  const votes = tagged("Map", [
    ["A", tagged("Set", ["r0", "r1"])],
    [tagged("bigint", "7"), tagged("Set", [])],
  ]);
  t.is(
    say({ type: "state", votes, old: tagged("Map", []) }),
    "state, votes: {A: {r0; r1}; 7: none}, old: none",
  );
  t.is(
    say({
      type: "seal",
      bytes: tagged("Buffer", "0a0b"),
      at: tagged("Date", 0),
      left: tagged("undefined", null),
    }),
    "seal, bytes: Buffer 0a0b, at: 1970-01-01T00:00:00.000Z, left: undefined",
  );
  t.is(say({ "@": ["x"] }), "@: [x]");
  const unreadable = tagged("Date", 1e20);
  t.is(say({ type: "seal", at: unreadable }), "seal, at: Date 100000000000000000000");
});
