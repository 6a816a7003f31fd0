// OSDI'99, section 4.1: the client.

import test from "ava";
import { type Config, sign } from "../../../src/protocol/index.js";
import type { ClientState } from "../../../src/protocols/pbft/client.js";
import { A, B, behaviourOf, deeds, drive as driveNode, four, type Happening, reply } from "./support.js";

const config: Config = { ...four, clients: true };
const submitA: Happening = { submit: A };

const drive = (happenings: readonly Happening[], self = "c0", withConfig = config) =>
  driveNode<ClientState>(self, happenings, { config: withConfig });

test("a client sends its request to the primary and begins to wait", (t) => {
  t.deepEqual(drive([submitA]).last, ["request(A) -> r0", "set-timer 1", "invoked A"]);
});

test("a client that has waited long enough sends its request to all replicas, and goes on waiting", (t) => {
  t.deepEqual(drive([submitA, "timeout"]).last, [
    "request(A) -> r0",
    "request(A) -> r1",
    "request(A) -> r2",
    "request(A) -> r3",
    "set-timer 1",
  ]);
});

test("a client accepts a result that f+1 replicas give", (t) => {
  t.deepEqual(drive([submitA, reply("r1", A, "A@1"), reply("r3", A, "A@1")]).history.slice(1), [
    [],
    ["cancel-timer", "accepted A@1 for A"],
  ]);
});

test("with f = 2 a client needs three", (t) => {
  const seven = { ...config, replicas: 7, faults: 2 };
  const replies = ["r1", "r2", "r6"].map((by) => reply(by, A, "A@1"));
  t.deepEqual(drive([submitA, ...replies], "c0", seven).history.slice(2), [
    [],
    ["cancel-timer", "accepted A@1 for A"],
  ]);
});

test("results that differ do not add up", (t) => {
  t.deepEqual(drive([submitA, reply("r1", A, "forged"), reply("r2", A, "A@1")]).last, []);
});

test("one replica counts once: its first result", (t) => {
  t.deepEqual(drive([submitA, reply("r1", A, "A@1"), reply("r1", A, "A@1")]).last, []);
  t.deepEqual(
    drive([submitA, reply("r1", A, "forged"), reply("r2", A, "A@1"), reply("r1", A, "A@1")]).last,
    [],
  );
});

test("replies of nodes that are no replicas do not count", (t) => {
  t.deepEqual(drive([submitA, reply("r1", A, "A@1"), reply("c1", A, "A@1")]).last, []);
});

test("replies to others, or to an earlier request, do not count", (t) => {
  const earlier = sign("c0", { ...A.body, timestamp: 0 });
  t.deepEqual(drive([submitA, reply("r1", A, "x"), reply("r2", B, "x")]).last, []);
  t.deepEqual(drive([submitA, reply("r1", A, "x"), reply("r2", earlier, "x")]).last, []);
});

test("a client that has its answer neither retransmits nor accepts another one", (t) => {
  const answered = [submitA, reply("r1", A, "A@1"), reply("r3", A, "A@1")];
  t.deepEqual(drive([...answered, "timeout"]).last, []);
  t.deepEqual(drive([...answered, reply("r0", A, "A@1"), reply("r2", A, "A@1")]).last, []);
});

test("a client submits one request at a time", (t) => {
  t.deepEqual(drive([submitA, { submit: sign("c0", { ...A.body, timestamp: 2 }) }]).last, []);
});

test("a client listens to replies only", (t) => {
  t.deepEqual(drive([submitA, A]).last, []);
});

test("a client that restarts while it waits goes on waiting, with a new timer", (t) => {
  const behaviour = behaviourOf<ClientState>("c0", { config });
  const { state } = drive([submitA]);
  const restart = (stable: ClientState) =>
    behaviour.init({ self: "c0", config }, { kind: "restart", stable: stable as never })[0]!;
  t.deepEqual(behaviour.stable(state), state);
  t.deepEqual([restart(state).state, deeds(restart(state))], [state, ["set-timer 1"]]);
  const idle: ClientState = { waiting: null, results: [], view: 0 };
  t.deepEqual([restart(idle).state, deeds(restart(idle))], [idle, []]);
});

// --- several operations ---

const three = { ...config, operations: 3 };
const answeredInView1 = ["r1", "r3"].map((by) => {
  const { body } = reply(by, A, "A@1");
  return sign(by, { ...body, view: 1 } as typeof body);
});

test("a client that has its answer makes the next request, with a later timestamp, to the primary of the reply's view", (t) => {
  const { last, state } = drive([submitA, ...answeredInView1], "c0", three);
  t.deepEqual(last, ["request(A) -> r1", "set-timer 1", "accepted A@1 for A", "invoked A"]);
  t.is(state.waiting?.body.timestamp, 2);
});

test("a late reply to the request before does not count", (t) => {
  const late = reply("r2", A, "A@1");
  t.deepEqual(drive([submitA, ...answeredInView1, late], "c0", three).last, []);
});

test("after its last request it is content", (t) => {
  const second = sign("c0", { ...A.body, timestamp: 2 });
  const answers = [reply("r0", second, "A@2"), reply("r1", second, "A@2")];
  const ran = drive([submitA, ...answeredInView1, ...answers], "c0", { ...config, operations: 2 });
  t.deepEqual(ran.last, ["cancel-timer", "accepted A@2 for A"]);
  t.is(ran.state.waiting, null);
});
