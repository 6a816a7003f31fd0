// Live explorations: what can happen next is what the search sees, in words; steps, forks, and stories of the ways gone.

import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { enabledIn } from "../../src/explorer/enabled.js";
import { LookAhead } from "../../src/explorer/look-ahead.js";
import { nextActions } from "../../src/explorer/next.js";
import { endOf } from "../../src/explorer/open-sessions.js";
import { type Place, Session } from "../../src/explorer/session.js";
import type { Setting } from "../../src/model/setting.js";
import { Successors } from "../../src/model/successors.js";
import { readTrace, replay } from "../../src/trace/index.js";
import { storyOf } from "../../src/viewer/tell.js";
import { Timeline } from "../../src/viewer/timeline.js";
import { root } from "../cli/support.js";
import { traceNamed } from "../export/traces.js";
import { pbftSetting } from "../support/settings.js";
import { to, toySetting } from "../support/toy.js";

async function sessionOn(file: string): Promise<{ session: Session; end: Place; count: number }> {
  const trace = await readTrace(`${root}/corpus/${file}.json`);
  const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
  const actions = [...trace.actions, ...(trace.loop ?? [])];
  return {
    session,
    end: session.follow(session.startOf(trace.start)!, actions, true),
    count: actions.length,
  };
}

const liar = (changes: Partial<Setting> = {}) => new Session(pbftSetting("arbitrary", "r0", changes));

test("every action that the search sees can be chosen, with its effect, and no other", (t) => {
  const session = liar();
  let place = session.starts[0]!;
  for (const choice of [0, 1, 2, 3, 0, 5]) {
    const out = new Successors();
    session.system.successors(place.vector, 0, out);
    const enabled = enabledIn(session.system, place.vector);
    t.is(enabled.length, out.length);
    t.is(
      enabled.reduce((sum, { others }) => sum + 1 + others, 0),
      out.transitions,
    );
    const groups = nextActions(session, place);
    t.is(
      groups.reduce((sum, { actions, more }) => sum + actions.length + more, 0),
      out.length,
    );
    const listed = groups.flatMap(({ actions }) => actions);
    const chosen = listed[choice % listed.length]!;
    const next = session.take(place, chosen.key)!;
    t.deepEqual([...next.step!.events, ...next.step!.changes], [...chosen.effects]);
    t.is(next.step!.line, chosen.line);
    place = next;
  }
  t.is(place.depth, 6);
});

test("actions are grouped by node and adversary, and can be looked for", async (t) => {
  const { session, end } = await sessionOn("pbft-new-view-unjustified");
  const after = session.path(end)[1]!;
  const names = nextActions(session, after).map(({ name }) => name);
  t.deepEqual(names, ["r0", "r2", "r3", "the adversary"]);
  const prepares = nextActions(session, after, "r2 → r0  PREPARE view 0");
  t.deepEqual(
    prepares.map(({ name, actions, more }) => [name, actions.length, more]),
    [["r0", 1, 0]],
  );
  t.deepEqual(nextActions(session, after, "no such words"), []);
});

test("what breaks a property is said before it is taken", async (t) => {
  const { session, end } = await sessionOn("pbft-quorum-2f");
  const before = end.parent!;
  const breaking = nextActions(session, before).flatMap(({ actions }) =>
    actions.filter(({ breaks }) => breaks !== null),
  );
  t.true(breaking.some(({ key }) => key === end.key));
  t.is(breaking.find(({ key }) => key === end.key)!.breaks, end.moment.monitors[0]!.why);
});

test("the same action leads to the same place, another one forks", (t) => {
  const session = liar();
  const [first] = session.starts;
  const [a, b] = nextActions(session, first!).flatMap(({ actions }) => actions);
  const [left, right] = [session.take(first!, a!.key)!, session.take(first!, b!.key)!];
  t.is(session.take(first!, a!.key), left);
  t.not(left.id, right.id);
  t.is(left.parent, right.parent);
  t.is(session.take(first!, "no such"), null);
});

test("going on in turns in two branches, each remembers what was sent in it", async (t) => {
  const { session, end } = await sessionOn("pbft-new-view-unjustified");
  const [, first, second] = session.path(end);
  const fork = nextActions(session, first!).flatMap(({ actions }) => actions)[3]!;
  const fresh = new Session(session.setting, session.name);
  const start = fresh.take(fresh.startOf(end.start)!, first!.key)!;
  fresh.take(start, fork.key);
  t.deepEqual(fresh.take(start, second!.key)!.step!.causes, [{ node: "r2", step: 0, letter: 0 }]);
});

for (const file of [
  "pbft-new-view-unjustified",
  "pbft-primary-forever",
  "two-phase-commit-blocks",
  "pbft-executes-again-after-new-view",
])
  test(`the way of ${file} is told as its replay tells it`, async (t) => {
    const { session, end, count } = await sessionOn(file);
    t.is(end.depth, count);
    const told = session.story(end, "x");
    const replayed = storyOf(await replay(await readTrace(`${root}/corpus/${file}.json`)), "x");
    t.deepEqual(told.steps, replayed.steps);
    t.deepEqual(told.nodes, replayed.nodes);
    t.deepEqual(told.lanes, replayed.lanes);
    const states = session.summaries(end).map(({ node, state }) => [node, state]);
    const unrolled = [...new Timeline(told).standing(count).values()].map(({ node, state }) => [node, state]);
    t.deepEqual(unrolled, states);
  });

test("the keys of a way lead there in a fresh session, whatever that has seen before", async (t) => {
  const { session, end } = await sessionOn("pbft-new-view-unjustified");
  const fresh = new Session(session.setting, session.name);
  for (const { actions } of nextActions(fresh, fresh.starts[0]!))
    for (const { key } of actions) fresh.take(fresh.starts[0]!, key);
  let place = fresh.startOf(end.start)!;
  for (const { key } of session.path(end).slice(1)) place = fresh.take(place, key)!;
  t.deepEqual(fresh.story(place, "x"), session.story(end, "x"));
});

/** `r1` answers `a` of `r0` with `b`; what happens then is up to the test. */
const asked = (atB: () => void) =>
  new Session(
    toySetting({
      init: ({ self }) => to(0, self === "r0" ? [{ kind: "send", to: "r1", message: "a" }] : []),
      step: ({ self }, state, input) => {
        if (input.kind !== "message" || state !== 0) return to(state);
        if (self === "r0") atB();
        return to(1, self === "r1" ? [{ kind: "send", to: "r0", message: "b" }] : []);
      },
    }),
  );

test("while nothing is asked, the model works out what can happen after what can happen next", async (t) => {
  let isWorkedOut = false;
  const session = asked(() => {
    isWorkedOut = true;
  });
  const start = session.starts[0]!;
  const [delivered] = nextActions(session, start).flatMap(({ actions }) => actions);
  t.false(isWorkedOut);
  new LookAhead().from(session, start);
  while (!isWorkedOut) await new Promise((resolve) => setTimeout(resolve, 5));
  t.is(nextActions(session, session.take(start, delivered!.key)!).length, 1);
});

test("an error in what nobody has chosen yet is told when somebody goes there, and not before", async (t) => {
  let calls = 0;
  const session = asked(() => {
    calls++;
    throw new Error("b is too much");
  });
  const start = session.starts[0]!;
  const [delivered] = nextActions(session, start).flatMap(({ actions }) => actions);
  new LookAhead().from(session, start);
  while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const next = session.take(start, delivered!.key)!;
  t.throws(() => nextActions(session, next), { message: /b is too much/ });
});

test("a timed trace that is opened keeps its times; what is chosen afterwards has none", async (t) => {
  const trace = await readTrace(`${root}/corpus/pbft-timeout-constant.json`);
  const session = new Session(await settingFrom(trace.setting), trace.setting.protocol);
  const { at: end } = endOf(session, trace);
  const times = (place: Place) => session.story(place, "x").steps.map(({ timeMs }) => timeMs);
  t.deepEqual(times(end), [...trace.schedule!.timesMs]);
  const [next] = nextActions(session, end).flatMap(({ actions }) => actions);
  t.is(times(session.take(end, next!.key)!).at(-1), null);
});

test("a run that comes back to a state says so, and is drawn as a loop", async (t) => {
  const { trace, result } = await traceNamed("a circle");
  const session = new Session(result.setting);
  const { at: end } = endOf(session, trace);
  const { loopFrom, end: words, steps } = session.story(end, "x");
  t.deepEqual([steps.length, loopFrom, storyOf(result, "x").loopFrom], [3, 1, 1]);
  t.is(words, "It is where it was after step 1: what lies between can be repeated for ever.");
  t.is(session.story(end.parent!, "x").loopFrom, null);
});
