// Questions about a state: shortest ways are those of the search; fair ends come to rest; and when a violation became unavoidable.

import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { fairEnd, randomRun, shortestWay, violationGoal } from "../../src/explorer/ask.js";
import { answer } from "../../src/explorer/questions.js";
import { Session } from "../../src/explorer/session.js";
import { Dice } from "../../src/fuzz/dice.js";
import { obligations } from "../../src/model/fairness.js";
import { readTrace } from "../../src/trace/index.js";
import { unavoidableOn } from "../../src/viewer/unavoidable.js";
import { root } from "../cli/support.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverBoth } from "../support/toy-properties.js";

const quiet = new AbortController().signal;
const broken = () => pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });

async function atEndOf(file: string) {
  const trace = await readTrace(`${root}/corpus/${file}.json`);
  const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
  return { session, end: session.follow(session.startOf(trace.start)!, trace.actions) };
}

test("the shortest violation from the start is the search's", async (t) => {
  const session = new Session(broken());
  const { counterexample } = await search(broken(), { reduction: "none" });
  const limits = { maxDepth: null, maxStates: 10_000 };
  const found = await shortestWay(
    session.system,
    session.starts[0]!.vector,
    violationGoal(session.system),
    limits,
  );
  t.is(found.actions!.length, counterexample!.actions.length);
  t.is(session.follow(session.starts[0]!, found.actions!).moment.monitors[0]!.verdict, "violated");
});

test("within too few actions there is none, and that is certain; with too few states it is not", async (t) => {
  const { system, starts } = new Session(broken());
  const ask = (maxDepth: number | null, maxStates: number) =>
    shortestWay(system, starts[0]!.vector, violationGoal(system), { maxDepth, maxStates });
  const near = await ask(3, 10_000);
  t.deepEqual([near.actions, near.complete], [null, true]);
  const cut = await ask(null, 5);
  t.deepEqual([cut.actions, cut.complete], [null, false]);
  t.is((await ask(4, 10_000)).actions!.length, 4);
});

test("an expression names the state that is looked for", async (t) => {
  const session = new Session(broken());
  const [start] = session.starts;
  const found = await answer(session, start!, { kind: "reach", expression: "r1.lastExecuted = 1" }, quiet);
  t.is(found.place!.depth, 2);
  t.regex(found.text, /^r1\.lastExecuted = 1 becomes true in 2 actions, and in no fewer/);
  const never = await answer(session, start!, { kind: "reach", expression: "r1.view = 5" }, quiet);
  t.is(never.place, null);
  t.regex(never.text, /^No: r1\.view = 5 never becomes true from here/);
});

test("a fair end leaves nothing that must happen, and the adversary has done nothing", (t) => {
  const session = new Session(pbftSetting("silent", "r3", { bounds: { views: 1 } }));
  const found = fairEnd(session.system, session.starts[0]!.vector, 1000);
  const end = session.follow(session.starts[0]!, found.actions!);
  t.is(end.depth, found.actions!.length);
  t.deepEqual(obligations(session.system, end.vector), []);
  t.true(found.actions!.every(({ kind }) => kind === "deliver" || kind === "timer"));
});

test("a random run is that of its seed, and possible", (t) => {
  const session = new Session(pbftSetting("arbitrary", "r0"));
  const run = () => {
    const dice = new Dice(7);
    return randomRun(session.system, session.starts[0]!.vector, 12, (n) => dice.below(n)).actions!;
  };
  t.deepEqual(run(), run());
  t.is(session.follow(session.starts[0]!, run()).depth, run().length);
  t.is(run().length, 9);
});

test("where a Byzantine message is what breaks agreement, nothing was decided before it", async (t) => {
  const { session, end } = await atEndOf("pbft-quorum-2f");
  const { unavoidable } = await answer(session, end, { kind: "unavoidable" }, quiet);
  t.is(unavoidable!.from, 4);
});

test("what was sent to correct nodes must arrive, so a violation may be decided before it happens", (t) => {
  const setting = toySetting(
    {
      init: () => to("idle", [{ kind: "set-timer", timer: "go" }]),
      step: (_context, state, input) => {
        if (input.kind === "timer")
          return to(
            "told",
            [{ kind: "send", to: "r1", message: { tag: "ping", text: "x", n: null } }],
            [seen("a")],
          );
        return to(`${state}, heard`, [], [seen("b")]);
      },
    },
    { properties: [neverBoth("a", "b")] },
  );
  const session = new Session(setting);
  const found = fairEnd(session.system, session.starts[0]!.vector, 20);
  const path = session.path(session.follow(session.starts[0]!, found.actions!));
  const first = path.findIndex(({ moment }) => moment.monitors[0]!.verdict === "violated");
  t.true(first > 0);
  const states = path.slice(0, first + 1).map(({ vector }) => vector);
  // Every node's timer must fire, and then r1 must hear of it: it was so from the start.
  t.is(unavoidableOn(session.system, states, session.setting.properties[0]!.name, 10_000).from, 0);
  t.is(unavoidableOn(session.system, states, session.setting.properties[0]!.name, 2).from, null);
});

test("a goal that could still be reached was avoidable to miss", (t) => {
  const setting = toySetting(
    {
      init: () =>
        to("begun", [
          { kind: "set-timer", timer: "win" },
          { kind: "set-timer", timer: "lose" },
        ]),
      step: (_context, state, input) => {
        if (state !== "begun" || input.kind !== "timer") return to(state);
        return input.timer === "win" ? to("won", [], [seen("x")]) : to("lost");
      },
    },
    {
      config: { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [eventually("x")],
    },
  );
  const session = new Session(setting);
  const start = session.starts[0]!;
  const lost = session.perform(start, { kind: "timer", node: session.nodeNames[0]!, timer: "lose" })!;
  const found = unavoidableOn(
    session.system,
    [start.vector, lost.vector],
    session.setting.properties[0]!.name,
    1000,
  );
  t.is(found.from, 1);
});
