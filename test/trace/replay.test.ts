import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { UserError } from "../../src/model/errors.js";
import type { Property } from "../../src/protocol/index.js";
import { simulate } from "../../src/simulate/result.js";
import {
  type Diverged,
  decodeTrace,
  encodeTrace,
  type Reproduced,
  replay,
  replayIn,
  type Trace,
} from "../../src/trace/index.js";
import { contradicting, simulated } from "../export/traces.js";
import { hears, never, switchboard } from "../minimize/switchboard.js";
import { downfallOf, equivocation, fallOf } from "./fixtures.js";

test("the shortest counterexample of quorum-2f has 4 actions and is reproduced by the last", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/quorum-2f");
  t.is(counterexample.actions.length, 4);
  const result = replayIn(setting, "agreement", counterexample) as Reproduced;
  t.is(result.outcome, "reproduced");
  t.is(result.after, 4);
  t.is(result.explanation, counterexample.explanation);
});

test("a trace is reproduced on its mutant, and diverges on correct PBFT where the flaw is needed first", async (t) => {
  const trace = await equivocation();
  const broken = (await replay(trace)) as Reproduced;
  t.is(broken.outcome, "reproduced");
  t.is(broken.after, 4);
  t.is(broken.explanation, trace.violates.explanation);
  const correct = await replay(trace, "pbft");
  t.is(correct.outcome, "diverged"); // a replica that is not prepared does not count commits yet
  t.is(correct.steps.length, 1);
  t.is(correct.setting.protocol.name, "pbft");
});

test("a violation is reported where it happens, not at the end", async (t) => {
  const trace = await equivocation();
  const [first] = trace.actions;
  const result = (await replay({ ...trace, actions: [...trace.actions, first!] })) as Reproduced;
  t.is(result.outcome, "reproduced");
  t.is(result.after, 4);
});

test("without its last action a trace holds", async (t) => {
  const trace = await equivocation();
  t.is((await replay({ ...trace, actions: trace.actions.slice(0, -1) })).outcome, "holds now");
});

test("an action that is not possible any more is a divergence, counted from 1", async (t) => {
  const trace = await equivocation();
  const fromR3 = { kind: "deliver", from: "r3", to: "r1", message: signedBy("r3", prepare) } as const;
  const actions = trace.actions.toSpliced(2, 0, fromR3); // r3 has not sent it
  const result = (await replay({ ...trace, actions })) as Diverged;
  t.is(result.outcome, "diverged");
  t.is(result.at, 3);
  t.deepEqual(result.action, fromR3);
  t.is(result.steps.length, 2);
  t.deepEqual(
    result.nodes.map(({ node }) => node),
    ["r1", "r2", "r3"],
  );
});

test("an action that changes nothing is not possible", async (t) => {
  const trace = await equivocation();
  const actions = trace.actions.toSpliced(1, 0, trace.actions[0]!);
  t.is(((await replay({ ...trace, actions })) as Diverged).at, 2);
});

test("a start that does not exist is a divergence at action 0", async (t) => {
  const result = (await replay({ ...(await equivocation()), start: { r1: "c9:1:Z" } })) as Diverged;
  t.is(result.outcome, "diverged");
  t.is(result.at, 0);
  t.is(result.action, null);
  t.deepEqual(result.nodes, []);
});

test("what counts is the property named in the trace: another one that is violated first does not stop a replay", async (t) => {
  const pessimist: Property = {
    name: "pessimist",
    summary: "nothing is ever executed",
    kind: "always",
    observes: "both",
    exercise: "none",
    monitor: () => ({
      init: false,
      on: (state, _by, event) => state || event.kind === "executed",
      verdict: (state) => (state ? "violated" : "holds"),
      exercised: () => 1,
      explain: () => "something was executed",
    }),
  };
  const trace = await equivocation();
  const plain = await settingFrom(trace.setting);
  const setting = { ...plain, properties: [pessimist, ...plain.properties] };
  t.is((replayIn(setting, "pessimist", trace) as Reproduced).after, 2);
  const result = replayIn(setting, "agreement", trace) as Reproduced;
  t.is(result.outcome, "reproduced");
  t.is(result.after, 4);
});

test("an action that only another property can see is possible all the same", (t) => {
  const setting = { ...switchboard, properties: [never("bang"), never("whimper")] };
  const actions = [hears("arm"), hears("fire")]; // "fire" changes no state, but never-bang sees it
  const result = replayIn(setting, "never-whimper", { start: {}, actions });
  t.is(result.outcome, "holds now");
  t.is(result.steps.length, 2);
});

test("a liveness violation is reproduced when nothing that must happen is left", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/primary-forever");
  const result = replayIn(setting, "clients-are-served", counterexample) as Reproduced;
  t.is(result.outcome, "reproduced");
  t.is(result.after, 4);
  t.is(
    replayIn(setting, "clients-are-served", {
      ...counterexample,
      actions: counterexample.actions.slice(0, 3),
    }).outcome,
    "holds now",
  );
  const correct = await settingFrom({ ...downfallOf("pbft/primary-forever"), protocol: "pbft" });
  t.is(replayIn(correct, "clients-are-served", counterexample).outcome, "holds now");
});

test("every message is held against the protocol's schema first, and each misfit is named with its path", async (t) => {
  const trace = JSON.parse(JSON.stringify(await equivocation())) as Trace;
  Object.assign((trace.actions[3] as { message?: { body?: object } }).message!.body!, { view: "zero" });
  delete (trace.actions[1] as { message: { signer?: string } }).message.signer;
  const error = await t.throwsAsync(replay(trace), { instanceOf: UserError, code: "bad-file" });
  t.deepEqual(error.message.split("\n"), [
    "The trace has messages that do not fit the schema of pbft/quorum-2f:",
    "  actions[1].message.signer: expected a string, found undefined",
    '  actions[3].message.body.view: expected a finite number, found "zero"',
    "Has the protocol got other messages since? Then the trace says nothing about it: find the violation anew in its `setting`, or take the file away.",
  ]);
});

test("a message of the loop that does not fit is named with its path in the loop", async (t) => {
  const { actions, ...rest } = JSON.parse(JSON.stringify(await equivocation())) as Trace;
  delete (actions[1] as { message: { signer?: string } }).message.signer;
  const trace = { ...rest, actions: actions.slice(0, 1), loop: actions.slice(1) };
  const error = await t.throwsAsync(replay(trace), { instanceOf: UserError, code: "bad-file" });
  t.is(error.message.split("\n")[1], "  loop[0].message.signer: expected a string, found undefined");
});

test("unknown names are refused", async (t) => {
  const trace = await equivocation();
  await t.throwsAsync(replay(trace, "pbft/perfect"), { instanceOf: UserError, code: "bad-option" });
});

test("each step tells what it changed", async (t) => {
  const { steps } = await replay(await equivocation());
  t.deepEqual(
    steps.map(({ node, sent, events }) => [node, sent.map(({ to }) => to), events.map(({ kind }) => kind)]),
    [
      ["r1", ["all replicas", "all replicas"], []],
      ["r1", ["c0"], ["executed"]],
      ["r2", ["all replicas", "all replicas"], []],
      ["r2", ["c1"], ["executed"]],
    ],
  );
  t.deepEqual(steps[0]!.sent[0]!.message, signedBy("r1", prepare));
  t.deepEqual(
    steps.map(({ viewBefore, viewAfter }) => [viewBefore, viewAfter]),
    Array(4).fill([0, 0]),
  );
});

test("a step tells of views and timers: one that fires does not run any more, and was not cancelled", async (t) => {
  const setting = await settingFrom({ ...downfallOf("pbft/quorum-2f"), bounds: { views: 1 } });
  const timeout = { kind: "timer", node: "r1", timer: "view-change" } as const;
  const { steps, nodes } = replayIn(setting, "agreement", { start: {}, actions: [timeout] });
  const { viewBefore, viewAfter, timersSet, timersCancelled } = steps[0]!;
  t.deepEqual([viewBefore, viewAfter, timersSet, timersCancelled], [0, 1, [], []]);
  t.deepEqual(
    nodes.map(({ node, view, timers }) => [node, view, timers]),
    [
      ["r1", 1, []],
      ["r2", 0, ["view-change"]],
      ["r3", 0, ["view-change"]],
    ],
  );
});

const prepare = { tag: "prepare", view: 0, slot: 1, digest: "c0:1:A" };

function signedBy(signer: string, body: typeof prepare) {
  return { tag: "signed", signer, body };
}

/** A run with everything that a simulated network does. */
const stormy = {
  ...{ clients: 2, requests: 2, delay: "5..35", drop: 0.05, duplicate: 0.1, seed: 7 },
  ...{ processingDelay: 1, timeout: 100 },
};

test("a simulated run is recorded as it is without a recorder, and every delivery, loss and copy is an action", async (t) => {
  const { recording, replayed } = await simulated("pbft", stormy);
  const { result, simulation } = recording;
  const { wall: _, ...plain } = await simulate(simulation.parameters);
  t.like(result, plain);
  const { actions, schedule } = replayed.trace;
  const count = (kind: string) => actions.filter((action) => action.kind === kind).length;
  const given = actions.filter((action) => "from" in action && action.from === "user").length;
  const sent = Object.values(result.messages).reduce((sum, number) => sum + number, 0);
  t.is(count("deliver") - given, result.delivered);
  t.is(result.delivered, sent - count("lose") + count("duplicate"));
  t.true(count("lose") > 0 && count("duplicate") > 0 && count("timer") > 0);
  t.deepEqual(
    schedule!.timesMs,
    [...schedule!.timesMs].sort((a, b) => a - b),
  );
});

test("the trace of a simulated run survives its file, and any difference from the run is found where it is", async (t) => {
  const { replayed } = await simulated("pbft", stormy);
  const trace = decodeTrace(encodeTrace(replayed.trace), "the file");
  t.is((await replay(trace)).outcome, "holds now");
  const without = { ...trace, actions: trace.actions.filter((_, index) => index !== 20) };
  const cut = (await replay(without)) as Diverged;
  t.is(cut.outcome, "diverged");
  t.is(cut.at, 21);
  t.is(cut.steps.length, 20);
  const late = { ...trace, schedule: { ...trace.schedule!, timesMs: trace.schedule!.timesMs.with(4, 1e6) } };
  t.is(((await replay(late)) as Diverged).at, 5);
  const end = ((await replay({ ...trace, actions: trace.actions.slice(0, -1) })) as Diverged).at;
  t.is(end, trace.actions.length);
  const other = { ...trace, simulation: { ...trace.simulation, seed: 8 } };
  t.is((await replay(other)).outcome, "diverged");
});

test("a simulated run that violates a property is reproduced, and diverges on the correct protocol", async (t) => {
  const { replayed } = await simulated("pbft/quorum-2f", contradicting);
  t.is(replayed.trace.expect, "reproduced");
  t.is(replayed.result.outcome, "reproduced");
  t.is((await replay(replayed.trace, "pbft")).outcome, "diverged");
});

test("the trace of a simulated run is no setting for a search, and says so", async (t) => {
  const { replayed } = await simulated("pbft", { seed: 1 });
  await t.throwsAsync(() => settingFrom(replayed.trace.setting), {
    instanceOf: UserError,
    message: /^This is the trace of a simulated run/,
  });
});

test("a simulated run keeps the length of its timers, whatever the default is by now", async (t) => {
  const raft = { protocol: "raft", replicas: 3, clients: 0, seed: 4 };
  const drawn = (await simulated("raft", raft)).replayed;
  t.is(drawn.trace.simulation!.timerJitter, 1);
  t.is(drawn.result.outcome, "holds now");
  // A file from before the default was drawn says nothing of it.
  const { trace: equal, result } = (await simulated("raft", { ...raft, timerJitter: 0 })).replayed;
  t.is(result.outcome, "holds now");
  const { timerJitter: _, ...unsaid } = equal.simulation!;
  t.is((await replay({ ...equal, simulation: unsaid })).outcome, "holds now");
});
