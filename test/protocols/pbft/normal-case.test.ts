// OSDI'99, section 4.2: request, pre-prepare, prepare, commit.

import test from "ava";
import { type Config, sign } from "../../../src/protocol/index.js";
import type { Body } from "../../../src/protocols/pbft/messages.js";
import {
  A,
  B,
  C,
  commit,
  committed,
  deeds,
  drive,
  forged,
  four,
  outcomesOf,
  prePrepare,
  prepare,
  prepared,
  threeSlots,
} from "./support.js";

const five: Config = { ...four, replicas: 5 };

// --- request ---

test("the primary proposes a request as soon as it has one", (t) => {
  t.deepEqual(drive("r0", [A]).last, ["pre-prepare(0, 1, A)", "set-timer 1"]);
});

test("a backup relays a request to the primary and begins to wait", (t) => {
  t.deepEqual(drive("r1", [A]).last, ["request(A) -> r0", "set-timer 1"]);
});

test("a request is taken up once, however often it arrives", (t) => {
  t.deepEqual(drive("r0", [A, A]).last, []);
  t.deepEqual(drive("r1", [A, A]).last, []);
});

test("a request that its client has not signed is refused", (t) => {
  t.deepEqual(drive("r1", [forged]).last, []);
  t.deepEqual(drive("r0", [forged]).last, []);
});

test("a replica is no client, even in its own name", (t) => {
  const own = sign("r3", { ...A.body, client: "r3" });
  t.deepEqual(drive("r0", [own]).last, []);
});

test("requests get consecutive sequence numbers, up to the high watermark", (t) => {
  const config = { ...threeSlots, slots: 2 };
  t.deepEqual(drive("r0", [B, A, C], { config }).history, [
    ["pre-prepare(0, 1, B)", "set-timer 1"],
    ["pre-prepare(0, 2, A)"],
    [],
  ]);
});

test("which of several pending requests comes first in a new view is a choice, and every order is offered", (t) => {
  const waiting = drive("r1", [A, B, "timeout"], { config: threeSlots });
  const asked = drive("r1", [viewChangeOf("r2")], { config: threeSlots, state: waiting.state });
  const outcomes = outcomesOf("r1", asked.state, viewChangeOf("r3"), { config: threeSlots });
  t.deepEqual(
    outcomes.map(({ label }) => label),
    ["proposes c0:1:A, c1:1:B", "proposes c1:1:B, c0:1:A"],
  );
  t.deepEqual(deeds(outcomes[1]!), [
    "new-view(1, 3 say nothing)",
    "pre-prepare(1, 1, B)",
    "pre-prepare(1, 2, A)",
    "set-timer 2",
  ]);
});

function viewChangeOf(by: string) {
  return sign<Body>(by, { tag: "view-change", view: 1, stable: 0, prepared: [] });
}

// --- pre-prepare ---

test("a backup prepares what the primary proposes", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, A)]).last, ["prepare(0, 1, A)", "set-timer 1"]);
});

test("a pre-prepare counts from the primary of its view only", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, A, "r2")]).last, []);
  t.deepEqual(drive("r0", [prePrepare(0, 1, A)]).state.log, [], "the primary itself takes none");
});

test("the first pre-prepare for a slot is the only one", (t) => {
  const ran = drive("r1", [prePrepare(0, 1, A), prePrepare(0, 1, B)]);
  t.deepEqual(ran.last, []);
  t.is(ran.state.log[0]?.proposal?.body.digest, "c0:1:A");
});

test("a pre-prepare is refused if its digest is not that of its request", (t) => {
  const { body } = prePrepare(0, 1, A);
  t.deepEqual(drive("r1", [sign<Body>("r0", { ...body, digest: "c1:1:B" })]).last, []);
});

test("a pre-prepare is refused if its request is not its client's", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, forged)]).last, []);
});

test("a pre-prepare outside the watermarks is refused", (t) => {
  for (const slot of [0, 2, -1, 0.5]) t.deepEqual(drive("r1", [prePrepare(0, slot, A)]).last, [], `${slot}`);
  t.deepEqual(drive("r1", [prePrepare(0, 3, A)], { config: threeSlots }).last, [
    "prepare(0, 3, A)",
    "set-timer 1",
  ]);
});

test("the null request is proposed by new-views only, never by a pre-prepare of its own", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, null)]).last, []);
  t.deepEqual(drive("r0", [prePrepare(1, 1, null)]).last, [], "not even deferred");
});

// --- prepare ---

test("prepared is the pre-prepare and quorum - 1 prepares from distinct backups, one's own included", (t) => {
  const ran = drive("r1", [prePrepare(0, 1, A), prepare("r2", 0, 1, A)]);
  t.deepEqual(ran.last, ["commit(0, 1, A)"]);
  t.deepEqual(ran.state.certificates, [prepared(0, 1, A)]);
});

test("the primary is prepared by quorum - 1 prepares of backups", (t) => {
  t.deepEqual(drive("r0", [A, prepare("r1", 0, 1, A), prepare("r2", 0, 1, A)]).history, [
    ["pre-prepare(0, 1, A)", "set-timer 1"],
    [],
    ["commit(0, 1, A)"],
  ]);
});

test("with n = 5 and f = 1 prepared takes 3 prepares and committed 4 commits", (t) => {
  const ran = drive(
    "r1",
    [
      prePrepare(0, 1, A),
      prepare("r2", 0, 1, A),
      prepare("r3", 0, 1, A),
      commit("r0", 0, 1, A),
      commit("r2", 0, 1, A),
      commit("r3", 0, 1, A),
    ],
    { config: five },
  );
  t.deepEqual(ran.history.slice(1), [
    [],
    ["commit(0, 1, A)"],
    [],
    [],
    ["reply(A@1) -> c0", "cancel-timer", "executed A at slot 1 as number 1"],
  ]);
  t.deepEqual(ran.state.certificates, [prepared(0, 1, A, five)]);
});

test("prepares that come before the pre-prepare are deferred, and prepare nothing", (t) => {
  const ran = drive("r1", [prepare("r2", 0, 1, A), prepare("r3", 0, 1, B)]);
  t.deepEqual(ran.history, [["defer r2 prepare 0 1"], ["defer r3 prepare 0 1"]]);
  t.deepEqual([ran.state.certificates, ran.state.log], [[], []]);
});

test("a prepare of the primary never counts, before or after its pre-prepare", (t) => {
  t.deepEqual(drive("r1", [prepare("r0", 0, 1, A), prePrepare(0, 1, A)]).last, [
    "prepare(0, 1, A)",
    "set-timer 1",
  ]);
  t.deepEqual(drive("r1", [prePrepare(0, 1, A), prepare("r0", 0, 1, A)]).last, []);
});

test("a replica that hears its own prepare again does not count it twice", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, A), prepare("r1", 0, 1, A)]).last, []);
});

test("a deferred prepare counts when it comes again after the pre-prepare", (t) => {
  const ran = drive("r1", [prepare("r2", 0, 1, A), prePrepare(0, 1, A), prepare("r2", 0, 1, A)]);
  t.deepEqual(ran.history.slice(1), [["prepare(0, 1, A)", "set-timer 1"], ["commit(0, 1, A)"]]);
});

test("a vote for another digest than the one proposed does not count", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, A), prepare("r2", 0, 1, B), prepare("r3", 0, 1, B)]).last, []);
});

test("votes of nodes that are no replicas do not count", (t) => {
  t.deepEqual(drive("r1", [prePrepare(0, 1, A), prepare("c1", 0, 1, A), prepare("r4", 0, 1, A)]).last, []);
});

test("votes outside the watermarks are not kept", (t) => {
  for (const slot of [0, 2, 0.5]) t.deepEqual(drive("r1", [prepare("r2", 0, slot, A)]).state.log, []);
});

// --- commit ---

test("commits that come before the slot is prepared are deferred, before and after the pre-prepare", (t) => {
  const ran = drive("r1", [commit("r2", 0, 1, A), prePrepare(0, 1, A), commit("r2", 0, 1, A)]);
  t.deepEqual(ran.history, [
    ["defer r2 commit 0 1"],
    ["prepare(0, 1, A)", "set-timer 1"],
    ["defer r2 commit 0 1"],
  ]);
});

test("a quorum of commits without being prepared oneself executes nothing", (t) => {
  const commits = ["r0", "r2", "r3"].map((by) => commit(by, 0, 1, A));
  const { state, last } = drive("r1", [prePrepare(0, 1, A), ...commits]);
  t.deepEqual([state.lastExecuted, last], [0, ["defer r3 commit 0 1"]]);
});

test("committed is a quorum of commits from distinct replicas, one's own and the primary's included", (t) => {
  const repeated = [...committed(1, A).slice(0, 3), commit("r0", 0, 1, A), commit("r1", 0, 1, A)];
  t.deepEqual(drive("r1", repeated).history.slice(2), [[], [], []]);
  t.deepEqual(drive("r1", committed(1, A)).last, [
    "reply(A@1) -> c0",
    "cancel-timer",
    "executed A at slot 1 as number 1",
  ]);
});

test("votes go once they are of no more use, the certificate stays", (t) => {
  const { state } = drive("r1", [...committed(1, A), prepare("r3", 0, 1, A), commit("r3", 0, 1, A)]);
  t.deepEqual(state.log, [
    { slot: 1, phase: "committed", proposal: prePrepare(0, 1, A), prepares: [], commits: [] },
  ]);
  t.deepEqual(state.certificates, [prepared(0, 1, A)]);
});

// --- messages of other views ---

test("messages of views not entered yet are deferred, one for each sender, type, view and slot", (t) => {
  t.deepEqual(drive("r0", [prePrepare(1, 1, A)]).last, ["defer r1 pre-prepare 1 1"]);
  t.deepEqual(drive("r0", [prepare("r2", 1, 1, A)]).last, ["defer r2 prepare 1 1"]);
  t.deepEqual(drive("r0", [commit("r2", 2, 1, A)]).last, ["defer r2 commit 2 1"]);
});

test("messages of a view that is asked for but not entered are deferred too", (t) => {
  const asked = drive("r0", ["timeout"]).state;
  t.is(asked.view, 1);
  t.deepEqual(drive("r0", [prepare("r2", 1, 1, A)], { state: asked }).last, ["defer r2 prepare 1 1"]);
});

test("messages of earlier views are ignored", (t) => {
  const left = drive("r2", [prePrepare(0, 1, A), "timeout"]).state;
  for (const late of [prePrepare(0, 1, B), prepare("r3", 0, 1, A), commit("r3", 0, 1, A)])
    t.deepEqual(drive("r2", [late], { state: left }), { state: left, history: [[]], last: [] });
});
