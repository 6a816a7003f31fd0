// OSDI'99, section 4.3: checkpoints, watermarks, garbage collection.

import test from "ava";
import { sign } from "../../../src/protocol/index.js";
import {
  A,
  B,
  C,
  checkpoint,
  commit,
  committed,
  checkpointed as config,
  drive,
  four,
  newView,
  prePrepare,
  prepare,
  prepared,
  stableProof,
  viewChange,
} from "./support.js";

const executedA = committed(1, A);
const stableA = [...executedA, checkpoint("r0", A), checkpoint("r2", A)];
const digestA = "1 [c0:1:A] c0:1=A@1";

test("a replica that has executed a slot divisible by K tells the digest of its state", (t) => {
  t.deepEqual(drive("r1", executedA, { config }).last, [
    "reply(A@1) -> c0",
    `checkpoint(1, ${digestA})`,
    "cancel-timer",
    "executed A at slot 1 as number 1",
    `checkpoint {"slot":1,"digest":"${digestA}"}`,
  ]);
  const everySecond = { ...config, checkpointInterval: 2, window: 2 };
  const ran = drive("r1", [...executedA, ...committed(2, B)], { config: everySecond });
  t.deepEqual(ran.history[3], ["reply(A@1) -> c0", "cancel-timer", "executed A at slot 1 as number 1"]);
  t.true(ran.last.includes("checkpoint(2, 2 [c0:1:A c1:1:B] c0:1=A@1 c1:1=B@2)"));
});

test("without an interval no checkpoints are taken, and none are listened to", (t) => {
  const ran = drive("r1", [...executedA, checkpoint("r0", A), checkpoint("r2", A)], { config: four });
  t.deepEqual(ran.history.slice(3), [
    ["reply(A@1) -> c0", "cancel-timer", "executed A at slot 1 as number 1"],
    [],
    [],
  ]);
  t.is(ran.state.stable, null);
});

test("a checkpoint is stable once 2f+1 replicas have said the same, the own word included", (t) => {
  const ran = drive("r1", stableA, { config });
  t.deepEqual(ran.history.slice(4), [[], [`stable {"slot":1,"digest":"${digestA}"}`]]);
});

test("other digests, repetitions, and what clients say do not count", (t) => {
  const others = [checkpoint("r0", B), checkpoint("r2", A), checkpoint("r2", A), checkpoint("c1", A)];
  t.is(drive("r1", [...executedA, ...others], { config }).state.stable, null);
});

test("the first word of a replica for a slot counts", (t) => {
  const early = [checkpoint("r0", B), checkpoint("r0", A), checkpoint("r2", A)];
  t.is(drive("r1", [...early, ...executedA], { config }).state.stable, null);
});

test("a stable checkpoint takes with it all that is at or below its slot", (t) => {
  const { state } = drive("r1", stableA, { config });
  t.deepEqual([state.log, state.certificates, state.checkpoints], [[], [], []]);
  t.deepEqual(
    state.snapshots.map(({ slot }) => slot),
    [1],
  );
});

test("sequence numbers above the high watermark are refused until a checkpoint is stable", (t) => {
  const second = prePrepare(0, 2, B);
  t.deepEqual(drive("r1", [...executedA, second], { config }).last, []);
  t.deepEqual(drive("r1", [...stableA, second], { config }).last, ["prepare(0, 2, B)", "set-timer 1"]);
});

test("by default the window is two intervals", (t) => {
  const { window: _, ...twoIntervals } = config;
  t.deepEqual(drive("r1", [prePrepare(0, 2, B)], { config: twoIntervals }).last, [
    "prepare(0, 2, B)",
    "set-timer 1",
  ]);
  t.deepEqual(drive("r1", [prePrepare(0, 3, B)], { config: twoIntervals }).last, []);
});

test("the primary proposes what has waited once the window moves", (t) => {
  const prepares = ["r1", "r2"].map((by) => prepare(by, 0, 1, A));
  const commits = ["r1", "r2"].map((by) => commit(by, 0, 1, A));
  const stable = ["r1", "r2"].map((by) => checkpoint(by, A));
  const ran = drive("r0", [A, B, ...prepares, ...commits, ...stable], { config });
  t.true(ran.history[1]!.length === 0, "B waits");
  t.deepEqual(ran.last.slice(0, 1), ["pre-prepare(0, 2, B)"]);
});

test("of checkpoints beyond the window only the highest of each replica is kept", (t) => {
  const { state } = drive("r1", [checkpoint("r2", A, B), checkpoint("r2", A, B, C), checkpoint("r2", A)], {
    config,
  });
  t.deepEqual(
    state.checkpoints.map(({ slot }) => slot),
    [3, 1],
  );
});

// --- view changes ---

test("a view-change names the last stable checkpoint, with its proof and no certificate at or below it", (t) => {
  t.deepEqual(drive("r1", [...stableA, "timeout"], { config }).last, ["view-change(1, stable 1)"]);
});

test("a replica that waits for the state of a stable checkpoint names that checkpoint, too", (t) => {
  const heard = ["r0", "r2", "r3"].map((by) => checkpoint(by, A));
  t.deepEqual(drive("r1", [...heard, "timeout"], { config }).last, ["view-change(1, stable 1)"]);
});

const departed = (by: string, proof = stableProof([A])) =>
  sign(by, { ...viewChange(by, 1).body, stable: 1, proof });

test("a view-change whose checkpoint is not proven by a quorum is refused", (t) => {
  for (const wrong of [stableProof([A], 2), stableProof([A, B])])
    t.deepEqual(drive("r1", [departed("r2", wrong)], { config }).state.viewChanges, []);
  t.is(drive("r1", [departed("r2")], { config }).state.viewChanges.length, 1);
  t.deepEqual(drive("r1", [departed("r2")], { config: threeWithout }).state.viewChanges, []);
});

const { checkpointInterval: _, window: __, ...threeWithout } = config;

test("a new view starts above the latest stable checkpoint, with null requests for the gaps", (t) => {
  const wide = { ...config, window: 2 };
  const above = sign("r3", { ...departed("r3").body, prepared: [prepared(0, 3, C)] });
  const justified = newView(1, [departed("r0"), viewChange("r1", 1), above]);
  t.deepEqual(
    justified.body.proposals.map(({ body }) => [body.slot, body.digest]),
    [
      [2, "null"],
      [3, "c2:1:C"],
    ],
  );
  const executedByR2 = [
    prePrepare(0, 1, A),
    prepare("r3", 0, 1, A),
    commit("r0", 0, 1, A),
    commit("r3", 0, 1, A),
  ];
  t.deepEqual(drive("r2", [...executedByR2, justified], { config: wide }).last.slice(0, 3), [
    "view-change(1, 1:A of view 0)",
    "prepare(1, 2, null)",
    "prepare(1, 3, C)",
  ]);
});

test("a replica that lacks the state a new view starts from fetches it", (t) => {
  const justified = newView(1, [departed("r0"), viewChange("r1", 1), departed("r3")]);
  t.deepEqual(drive("r2", [justified], { config }).last, ["view-change(1)", "fetch(1)"]);
});
