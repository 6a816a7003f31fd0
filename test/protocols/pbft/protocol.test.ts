// PBFT as a protocol under test: its nodes, its requests, its names, and what it refuses.

import test from "ava";
import type { Config } from "../../../src/protocol/index.js";
import {
  digestOf,
  nullDigest,
  requestOf,
  requestsOf,
  resultOf,
} from "../../../src/protocols/pbft/requests.js";
import { A, correctPbft, four, prepare, reply } from "./support.js";

test("PBFT refuses fewer than 4 replicas, and to tolerate nothing", (t) => {
  t.is(
    correctPbft.refuses?.({ ...four, replicas: 3 }),
    "PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for.",
  );
  t.is(
    correctPbft.refuses?.({ ...four, faults: 0 }),
    "PBFT with f = 0 tolerates nothing; use at least 1 fault.",
  );
  t.is(correctPbft.refuses?.(four), null);
});

test("its nodes are the replicas, and the clients where they are asked for", (t) => {
  const ids = (clients: boolean) =>
    correctPbft.nodes({ ...four, clients }).map(({ id, role }) => `${role} ${id}`);
  const replicas = ["replica r0", "replica r1", "replica r2", "replica r3"];
  t.deepEqual(ids(false), replicas);
  t.deepEqual(ids(true), [...replicas, "client c0", "client c1"]);
});

test("every client has one request, signed by itself", (t) => {
  const names = requestsOf({ ...four, requests: 28 }).map(
    (request) => `${request.signer} ${digestOf(request)}`,
  );
  t.is(names[0], "c0 c0:1:A");
  t.is(names[25], "c25 c25:1:Z");
  t.is(names[26], "c26 c26:1:A1");
  t.is(new Set(names).size, 28);
});

test("a digest names client, timestamp and operation; the null request has one of its own", (t) => {
  t.is(digestOf(A), "c0:1:A");
  t.is(digestOf(null), nullDigest);
  t.is(nullDigest, "null");
});

test("a result is the operation and its position in the log", (t) => {
  t.is(resultOf(A.body, 3), "A@3");
});

test("a replica ignores replies", (t) => {
  const replica = correctPbft.nodes(four)[1]!.behaviour;
  const state = replica.init({ self: "r1", config: four }, { kind: "start" })[0]!.state;
  for (const message of [reply("r2", A, "A@1"), prepare("c0", 0, 1, A)])
    t.deepEqual(
      replica.step({ self: "r1", config: four }, state, { kind: "message", from: message.signer, message }),
      [{ state, effects: [], events: [] }],
    );
});

test("liveness is promised for one request, or for more where all primaries are correct and slots suffice", (t) => {
  const stalls = (change: Partial<Config>, byzantine: readonly string[], views: number) =>
    correctPbft.stalls!(
      { ...four, clients: true, requests: 1, ...change },
      { byzantine, views, deceives: false, crashed: [] },
    ) !== null;
  t.false(stalls({}, ["r0"], 1));
  t.false(stalls({ operations: 2, slots: 2 }, ["r3"], 0));
  t.true(stalls({ operations: 2, slots: 2 }, ["r3"], 1), "one more for the gap that a view change may leave");
  t.false(stalls({ operations: 2, slots: 3 }, ["r3"], 1));
  t.true(stalls({ operations: 2, slots: 3 }, ["r1"], 1), "it may fill all slots");
  t.true(stalls({ slots: 1 }, ["c0"], 0), "a Byzantine client makes two requests of one");
  t.false(stalls({ slots: 2 }, ["c0"], 0));
});

test("the last requests of a client may be reads", (t) => {
  const config = { ...four, operations: 3, reads: 2 };
  t.deepEqual(
    [1, 2, 3].map((number) => requestOf(config, "c1", number).body.operation),
    ["B", "read", "read"],
  );
});
