// TOCS'02, section 5.1.4: several requests under one sequence number.

import test from "ava";
import { type Config, sign } from "../../../src/protocol/index.js";
import type { Batch } from "../../../src/protocols/pbft/messages.js";
import { digestOf, valueFor } from "../../../src/protocols/pbft/requests.js";
import { A, B, C, commit, drive, forged, prePrepare, prepare, threeSlots } from "./support.js";

const config: Config = { ...threeSlots, batch: 2 };
const AB = valueFor([A, B]);
const batch = (...requests: Batch["requests"]): Batch => ({ tag: "batch", requests });

test("the digest of a batch names its requests in their order", (t) => {
  t.is(digestOf(AB), "(c0:1:A c1:1:B)");
  t.is(digestOf(valueFor([A])), digestOf(A));
});

test("a primary that is busy gathers requests, those that have waited longest first, at most B of them", (t) => {
  const oneAtATime = { ...config, requests: 4, pipeline: 1 };
  const D = sign("c3", { ...A.body, client: "c3", operation: "D" });
  const votes = ["r1", "r2"].map((by) => prepare(by, 0, 1, A));
  const commits = ["r1", "r2"].map((by) => commit(by, 0, 1, A));
  const ran = drive("r0", [A, B, C, D, ...votes, ...commits], { config: oneAtATime });
  t.deepEqual(ran.history[0], ["pre-prepare(0, 1, A)", "set-timer 1"]);
  t.deepEqual(ran.history.slice(1, 4), [[], [], []]);
  t.is(ran.state.log.at(-1)?.proposal?.body.digest, "(c1:1:B c2:1:C)");
});

test("the requests of a batch are executed in their order, and each is answered", (t) => {
  const votes = [prepare("r2", 0, 1, AB), commit("r0", 0, 1, AB), commit("r2", 0, 1, AB)];
  t.deepEqual(drive("r1", [prePrepare(0, 1, AB), ...votes], { config }).last, [
    "reply(A@1) -> c0",
    "reply(B@2) -> c1",
    "cancel-timer",
    "executed A at slot 1 as number 1",
    "executed B at slot 1 as number 2",
  ]);
});

test("batches of one, too long ones, and those with a repeated or a forged request are refused", (t) => {
  for (const wrong of [batch(A), batch(A, B, C), batch(A, A), batch(A, forged)])
    t.deepEqual(drive("r1", [prePrepare(0, 1, wrong)], { config }).last, [], digestOf(wrong));
  t.deepEqual(drive("r1", [prePrepare(0, 1, AB)], { config: threeSlots }).last, []);
});

test("a batch that has prepared is carried into the next view as a whole", (t) => {
  const { last } = drive("r2", [prePrepare(0, 1, AB), prepare("r3", 0, 1, AB), "timeout"], { config });
  t.deepEqual(last.slice(0, 1), ["view-change(1, 1:B) of view 0)"]);
});
