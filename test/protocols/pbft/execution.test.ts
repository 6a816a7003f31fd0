// OSDI'99, sections 4.1 and 4.2: committed requests are executed in order, each exactly once.

import test from "ava";
import { type Signed, sign } from "../../../src/protocol/index.js";
import type { Message, Request } from "../../../src/protocols/pbft/messages.js";
import {
  A,
  B,
  C,
  commit,
  committed,
  threeSlots as config,
  drive,
  newView,
  prePrepare,
  prepare,
  prepared,
  viewChange,
} from "./support.js";

const executedA = ["reply(A@1) -> c0", "cancel-timer", "executed A at slot 1 as number 1"];

/** A later request of A's client. */
const A2: Signed<Request> = sign("c0", { ...A.body, timestamp: 2, operation: "A2" });

/** What takes a request from the pre-prepare to execution at r2, in view 1. */
function votesInView1(slot: number, request: Signed<Request> | null): Message[] {
  return [prepare("r3", 1, slot, request), commit("r1", 1, slot, request), commit("r3", 1, slot, request)];
}

test("slots are executed in order: one that commits before the gap below it is filled waits", (t) => {
  const ran = drive("r1", [...committed(3, C), ...committed(2, B), ...committed(1, A)], { config });
  t.deepEqual(ran.history[3], []);
  t.deepEqual(ran.history[7], []);
  t.deepEqual(ran.last, [
    "reply(A@1) -> c0",
    "reply(B@2) -> c1",
    "reply(C@3) -> c2",
    "cancel-timer",
    "executed A at slot 1 as number 1",
    "executed B at slot 2 as number 2",
    "executed C at slot 3 as number 3",
  ]);
});

test("the timer starts anew when a request was executed and others still wait", (t) => {
  const ran = drive("r1", [prePrepare(0, 2, B), ...committed(1, A)], { config });
  t.deepEqual(ran.last, ["reply(A@1) -> c0", "set-timer 1", "executed A at slot 1 as number 1"]);
});

test("an executed request is answered again when its client asks again, and not executed again", (t) => {
  t.deepEqual(drive("r1", [...committed(1, A), A]).last, ["reply(A@1) -> c0"]);
});

test("a request that was assigned two slots is executed at the first one only", (t) => {
  const ran = drive("r1", [...committed(1, A), ...committed(2, A), ...committed(3, B)], { config });
  t.deepEqual(ran.history[3], executedA);
  t.deepEqual(ran.history[7], ["committed-again 2"]);
  t.deepEqual(ran.last, ["reply(B@2) -> c1", "cancel-timer", "executed B at slot 3 as number 2"]);
});

test("a request that its own client has overtaken is neither executed nor answered nor waited for", (t) => {
  const ran = drive("r1", [A, ...committed(1, A2), A], { config });
  t.deepEqual(ran.history[4], ["reply(A2@1) -> c0", "cancel-timer", "executed A2 at slot 1 as number 1"]);
  t.deepEqual(ran.state.pending, []);
  t.deepEqual(ran.last, []);
});

test("a null request executes nothing, takes no position in the log and is not progress", (t) => {
  const certificates = [prepared(0, 2, B)];
  const quorum = [viewChange("r0", 1), viewChange("r1", 1), viewChange("r3", 1, certificates)];
  const ran = drive("r2", [newView(1, quorum), ...votesInView1(1, null), ...votesInView1(2, B)], { config });
  t.deepEqual(ran.history[0], ["view-change(1)", "prepare(1, 1, null)", "prepare(1, 2, B)", "set-timer 2"]);
  t.deepEqual(ran.history[3], []);
  t.is(ran.state.lastExecuted, 2);
  t.deepEqual(ran.last, ["reply(B@1) -> c1", "cancel-timer", "executed B at slot 2 as number 1"]);
});

test("a slot that a new view re-runs goes through all phases, and is never executed again", (t) => {
  const inView0 = [prePrepare(0, 1, A), prepare("r3", 0, 1, A), commit("r0", 0, 1, A), commit("r3", 0, 1, A)];
  const certificates = [prepared(0, 1, A)];
  const quorum = [viewChange("r0", 1), viewChange("r1", 1), viewChange("r3", 1, certificates)];
  const ran = drive("r2", [...inView0, newView(1, quorum), ...votesInView1(1, A)], { config });
  t.deepEqual(ran.history.slice(3), [
    executedA,
    ["view-change(1, 1:A of view 0)", "prepare(1, 1, A)"],
    ["commit(1, 1, A)"],
    [],
    ["committed-again 1"],
  ]);
  t.deepEqual(ran.state.certificates, [prepared(1, 1, A)], "the certificate is that of the highest view");
});
