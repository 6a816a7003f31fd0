// OSDI'99, section 4.3; TOCS'02, section 5.3: a replica that fell behind takes over the state of others.

import test from "ava";
import {
  A,
  B,
  checkpoint,
  commit,
  committed,
  checkpointed as config,
  drive,
  fetch,
  prePrepare,
  prepare,
  snapshotAfter,
  stateTransfer,
} from "./support.js";

const heard = ["r0", "r2", "r3"].map((by) => checkpoint(by, A));
const digestA = "1 [c0:1:A] c0:1=A@1";

test("a quorum of checkpoints beyond what it has executed tells a replica that it fell behind: it asks everybody", (t) => {
  t.deepEqual(drive("r1", heard, { config }).history, [[], [], ["fetch(1)"]]);
});

test("a replica that has a stable checkpoint gives its state, with the proof", (t) => {
  const stable = [...committed(1, A), checkpoint("r0", A), checkpoint("r2", A)];
  t.deepEqual(drive("r1", [...stable, fetch("r3", 1)], { config }).last, ["state(1, c0:1:A, 1) -> r3"]);
  t.deepEqual(drive("r1", [...stable, fetch("c0", 1)], { config }).last, []);
});

test("one that may have it soon answers later, and what is out of sight it ignores", (t) => {
  t.deepEqual(drive("r1", [fetch("r3", 1)], { config }).last, ["defer r3 fetch"]);
  t.deepEqual(drive("r1", [fetch("r3", 3)], { config }).last, []);
});

test("it takes over the state, and whom it has answered last", (t) => {
  const { state, last } = drive("r1", [A, ...heard, stateTransfer("r2", [A])], { config });
  t.deepEqual(last, [
    "cancel-timer",
    "state-installed 1",
    `checkpoint {"slot":1,"digest":"${digestA}"}`,
    `stable {"slot":1,"digest":"${digestA}"}`,
  ]);
  t.deepEqual([state.lastExecuted, state.executedRequests, state.pending, state.fetching], [1, 1, [], null]);
  t.deepEqual(drive("r1", [A], { config, state }).last, ["reply(A@1) -> c0"]);
});

test("it goes on with the next slot, which may have committed before", (t) => {
  const second = [prePrepare(0, 2, B), prepare("r2", 0, 2, B), commit("r0", 0, 2, B), commit("r2", 0, 2, B)];
  const { last } = drive("r1", [...heard, ...second, stateTransfer("r2", [A])], { config });
  t.true(last.includes("executed B at slot 2 as number 2"));
});

test("state that nobody has asked for, that is not proven, or not what was proven, is refused", (t) => {
  const asked = drive("r1", heard, { config }).state;
  t.deepEqual(drive("r1", [stateTransfer("r2", [A])], { config }).last, []);
  for (const wrong of [
    stateTransfer("r2", [A], snapshotAfter(B)),
    stateTransfer("r2", [A], snapshotAfter(A), 2),
    stateTransfer("r2", []),
  ])
    t.deepEqual(drive("r1", [wrong], { config, state: asked }).last, []);
});

test("a replica that gets there by itself needs no state", (t) => {
  const { state, last } = drive("r1", [...heard, ...committed(1, A)], { config });
  t.is(state.fetching, null);
  t.is(state.stable?.slot, 1);
  t.true(last.includes(`stable {"slot":1,"digest":"${digestA}"}`));
});
