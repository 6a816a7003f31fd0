// OSDI'99, section 5.1: reads that are not ordered.

import test from "ava";
import type { Config } from "../../../src/protocol/index.js";
import type { ClientState } from "../../../src/protocols/pbft/client.js";
import { requestOf } from "../../../src/protocols/pbft/requests.js";
import {
  A,
  authenticated,
  B,
  checkpointed,
  committed,
  drive,
  four,
  type Happening,
  prePrepare,
  prepare,
  read,
  readReply,
  reply,
  viewChange,
} from "./support.js";

const config: Config = { ...four, clients: true, reads: 1, readOnly: true };
const request = requestOf(config, "c0", 1);
const submit: Happening = { submit: request };
const answer = (by: string, length = 0, timestamp = 1) => readReply(by, "c0", timestamp, `read@${length}`);
const client = (...happenings: readonly Happening[]) => drive<ClientState>("c0", happenings, { config });
const replica = (...happenings: readonly Happening[]) => drive("r1", happenings, { config });

// --- replicas ---

test("a replica answers a read with the length of its log, and shows what it has answered", (t) => {
  t.deepEqual(replica(read("c1")).last, [
    "read-reply(read@0) -> c1",
    'answered {"request":"c1:1:read","result":"read@0"}',
  ]);
  t.is(replica(...committed(1, A), read("c1")).last[0], "read-reply(read@1) -> c1");
});

test("a read waits while something is prepared that is not executed", (t) => {
  const prepared = committed(1, A).slice(0, 2);
  t.deepEqual(replica(...prepared, read("c1")).last, ["defer c1 read"]);
  t.is(replica(prePrepare(0, 1, A), read("c1")).last[0], "read-reply(read@0) -> c1", "not prepared yet");
});

test("what has prepared is not forgotten with the view", (t) => {
  const left = replica(...committed(1, A).slice(0, 2), "timeout", read("c1"));
  t.deepEqual(left.last, ["defer c1 read"]);
});

test("a read in somebody else's name is not answered, nor any where reads are ordered", (t) => {
  const { last } = drive("r1", [{ ...read("c1"), signer: "c0" }], { config });
  t.deepEqual(last, []);
  t.deepEqual(drive("r1", [read("c1")], { config: { ...config, readOnly: false } }).last, []);
});

test("a read that is ordered appends nothing", (t) => {
  const twice: Config = { ...config, slots: 3, requests: 3 };
  const ordered = requestOf(twice, "c2", 1);
  const { history } = drive("r1", [...committed(1, A), ...committed(2, ordered), ...committed(3, B)], {
    config: twice,
  });
  t.deepEqual(
    history.flat().filter((deed) => deed.startsWith("reply")),
    ["reply(A@1) -> c0", "reply(read@1) -> c2", "reply(B@2) -> c1"],
  );
});

test("how many requests have only read belongs to the state that checkpoints are taken of", (t) => {
  const ordered = requestOf(config, "c1", 1);
  const { state } = drive("r1", committed(1, ordered), { config: { ...checkpointed, reads: 1 } });
  t.is(state.executedReads, 1);
  t.is(state.snapshots[0]!.snapshot.reads, 1);
  t.is(state.checkpoints[0]!.digest, "1 (1 reads) [c1:1:read] c1:1=read@0");
  t.false("executedReads" in drive("r1", committed(1, A), { config }).state);
});

// --- clients ---

test("a client sends a read to all replicas, and believes a quorum of equal answers", (t) => {
  t.deepEqual(client(submit).last, [
    ...["r0", "r1", "r2", "r3"].map((id) => `read(1) -> ${id}`),
    "set-timer 1",
    "invoked read",
  ]);
  const ran = client(submit, answer("r0"), answer("r1"), answer("r2"));
  t.deepEqual(ran.history.slice(1), [[], [], ["cancel-timer", "accepted read@0 for read"]]);
});

test("neither different answers, nor several of one replica, nor a client's, make a quorum", (t) => {
  const ran = client(submit, answer("r0"), answer("r1"), answer("r2", 1), answer("r0"), answer("c1"));
  t.deepEqual(ran.last, []);
  t.is(ran.state.results.length, 3);
  t.deepEqual(client(submit, answer("r0"), answer("r1"), answer("r3", 0, 2)).last, [], "another read");
});

test("replies to ordered requests say nothing of a read that is not ordered", (t) => {
  t.deepEqual(client(submit, reply("r0", request, "read@0"), reply("r1", request, "read@0")).last, []);
});

test("when no quorum comes in time the read is ordered, and what replicas have read counts no more", (t) => {
  const ordered = client(submit, answer("r0"), answer("r1"), "timeout");
  t.deepEqual(ordered.last, [
    ...["r0", "r1", "r2", "r3"].map((id) => `request(read) -> ${id}`),
    "set-timer 1",
  ]);
  t.deepEqual(ordered.state, { waiting: request, results: [], view: 0 });
  const late = client(submit, "timeout", answer("r0"), answer("r1"), answer("r2"));
  t.deepEqual(late.last, []);
  const replies = ["r1", "r2"].map((by) => reply(by, request, "read@1"));
  t.deepEqual(client(submit, "timeout", ...replies).last, ["cancel-timer", "accepted read@1 for read"]);
});

test("with authenticators reads have one, too", (t) => {
  const { last } = drive("r1", [read("c1")], { config: { ...config, authentication: "authenticators" } });
  t.deepEqual(last, [], "a signature is none");
  const ran = drive<ClientState>("c0", [{ submit: requestOf(authenticated, "c0", 1) }], { config });
  t.is(ran.last[0], "request(A) -> r0");
});

test("a view-change does not make a replica answer less or more", (t) => {
  t.is(replica("timeout", viewChange("r2", 1), read("c1")).last[0], "read-reply(read@0) -> c1");
  t.is(replica(prepare("r2", 0, 1, A), read("c1")).last[0], "read-reply(read@0) -> c1");
});
