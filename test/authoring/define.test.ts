// `defineProtocol`: a definition means the same protocol as the form written out by hand, state by state; what contradicts itself, or
// returns what is no outcome, is told in words.

import test from "ava";
import * as Schema from "effect/Schema";
import raft, { properties as raftProperties } from "../../examples/raft-election.js";
import streamlet from "../../examples/streamlet.js";
import { agreement } from "../../properties/index.js";
import { findProtocol } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { defineProtocol, type Json, type Protocol, reply } from "../../src/protocol/index.js";
import raftWrittenOut from "../support/cases/raft-election-written-out.js";
import { adversaries, streamlet as writtenOut } from "../support/cases/streamlet.js";
import voteWrittenOut, { adversaries as liarsOfWrittenOut } from "../support/cases/vote-written-out.js";

const setting = (protocol: unknown, views: number, byzantine = "r3", requests = 1): Setting => ({
  protocol: protocol as Protocol<Json, Json>,
  config: { replicas: 4, faults: 1, requests, slots: 3, clients: false },
  byzantine: [byzantine],
  adversary: adversaries[0] as never,
  network: "async",
  bounds: { views },
  properties: [agreement],
});

test("Streamlet has the states of the form written out by hand", async (t) => {
  for (const [reduction, views, states] of [
    ["none", 0, 413],
    ["visible-steps", 1, 32],
  ] as const) {
    const counts = async (protocol: unknown) => {
      const found = await search(setting(protocol, views), { reduction, maxStates: 1000 });
      return [found.verdict, found.states, found.transitions, found.depth];
    };
    const wanted = await counts(writtenOut("streamlet", 3));
    t.deepEqual(await counts(streamlet), wanted);
    t.is(wanted[1], states);
  }
});

const around = { byzantine: [], adversary: null, network: "async" } as const;

test("the tutorial's protocol has the states of the form written out by hand", async (t) => {
  const { protocol: defined, adversaries: liarsOfDefined } = await findProtocol("./examples/ava/vote.ts");
  for (const [protocol, liars] of [
    [voteWrittenOut, liarsOfWrittenOut],
    [defined, liarsOfDefined],
  ] as const) {
    const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
    const alone = { ...around, protocol, config, bounds: { views: 0 }, properties: [agreement] };
    const lied = { ...alone, byzantine: ["r0"], adversary: liars.at(-1) };
    const counts = async (one: unknown) => {
      const { verdict, states, transitions, depth } = await search(one as Setting);
      return [verdict, states, transitions, depth];
    };
    t.deepEqual(await counts(alone), ["holds", 646, 1792, 4]);
    t.deepEqual(await counts(lied), ["holds", 176, 360, 3]);
  }
});

test("Raft's election has the states of the form written out by hand, restarts included", async (t) => {
  for (const protocol of [raftWrittenOut, raft]) {
    const config = { replicas: 3, faults: 0, requests: 1, slots: 1, clients: false };
    const setting = { ...around, protocol, config, properties: raftProperties } as unknown as Setting;
    const found = async (bounds: Setting["bounds"]) => {
      const { verdict, states, transitions, depth } = await search({ ...setting, bounds });
      return [verdict, states, transitions, depth];
    };
    t.deepEqual(await found({ views: 2 }), ["holds", 1068, 2082, 8]);
    t.deepEqual(await found({ views: 1, crashes: 1, losing: "volatile" }), ["holds", 344, 708, 6]);
  }
});

const tiny = {
  name: "tiny",
  summary: "nothing much",
  messages: { hello: { number: Schema.Number } },
  state: { heard: Schema.Number },
  initial: { heard: 0 },
} as const;

const alone = (protocol: unknown): Setting => ({
  ...setting(protocol, 0),
  config: { replicas: 2, faults: 0, requests: 1, slots: 1, clients: false },
  byzantine: [],
  adversary: null,
});

test("a handler that returns nothing is named", async (t) => {
  const forgets = defineProtocol({
    ...tiny,
    onStart: (_, state) => reply(state).broadcast({ tag: "hello", number: 1 }),
    on: { hello: () => undefined as never },
  });
  const error = await t.throwsAsync(search(alone(forgets)));
  t.regex(
    error!.message,
    /r\d threw "on\.hello returned undefined: return a reply, several, or a state \(to ignore/,
  );
});

test("handlers see bodies, the whole message, timers and requests", async (t) => {
  const seen = defineProtocol({
    ...tiny,
    onStart: (_, state) => reply(state).setTimer("once"),
    onTimer: { once: (_, state) => reply(state).broadcast({ tag: "hello", number: 7 }) },
    onRequest: (_, state, request) => reply(state).shows("asked", request),
    on: {
      hello: (_, { heard }, { from, message, whole }) =>
        heard > 0 ? { heard } : reply({ heard: message.number }).shows("heard", [from, whole.number]),
    },
  });
  const [{ behaviour }] = seen.nodes(alone(seen).config) as [ReturnType<typeof seen.nodes>[0]];
  const context = { self: "r0", config: alone(seen).config };
  const [started] = behaviour.init(context, { kind: "start" });
  t.deepEqual(started!.effects, [{ kind: "set-timer", timer: "once" }]);
  const [told] = behaviour.step(context, { heard: 0 }, { kind: "timer", timer: "once" });
  t.deepEqual(told!.effects, [{ kind: "broadcast", message: { tag: "hello", number: 7 } }]);
  const message = { tag: "hello", number: 7 } as const;
  const [heard] = behaviour.step(context, { heard: 0 }, { kind: "message", from: "r1", message });
  t.deepEqual(
    [heard!.state, heard!.events],
    [{ heard: 7 }, [{ kind: "custom", name: "heard", data: ["r1", 7] }]],
  );
  const [asked] = behaviour.step(context, { heard: 0 }, { kind: "request", request: "A" });
  t.deepEqual(asked!.events, [{ kind: "custom", name: "asked", data: "A" }]);
  t.is((await search({ ...alone(seen), bounds: { views: 1 } })).states > 1, true);
});

test("a crash leaves the fields that are stable, and the others begin anew", (t) => {
  const stored = defineProtocol({
    ...tiny,
    state: { heard: Schema.Number, loud: Schema.Boolean },
    initial: { heard: 0, loud: false },
    stable: ["heard"],
    on: { hello: (_, state) => state },
  });
  const config = alone(stored).config;
  const { behaviour } = stored.nodes(config)[0]!;
  const stable = behaviour.stable({ heard: 3, loud: true });
  t.deepEqual(stable, { heard: 3 });
  const [again] = behaviour.init({ self: "r0", config }, { kind: "restart", stable });
  t.deepEqual(again!.state, { heard: 3, loud: false });
});

test("requests are letters unless the definition says otherwise", (t) => {
  const letters = defineProtocol({ ...tiny, on: { hello: (_, state) => state } });
  const config = { ...alone(letters).config, requests: 28 };
  t.deepEqual(letters.requests(config).slice(24), ["Y", "Z", "A1", "B1"]);
  const numbers = defineProtocol({ ...tiny, requests: [10, 20, 30], on: { hello: (_, state) => state } });
  t.deepEqual(numbers.requests({ ...config, requests: 2 }), [10, 20]);
  t.is(numbers.digest(20), "20");
});

for (const [what, define, message] of [
  [
    "a tag that is not the name",
    { messages: { hello: { tag: Schema.Literal("bye") } } },
    /messages\.hello: its field `tag` must be Schema\.Literal\("hello"\)/,
  ],
  ["a message that is no struct", { messages: { hello: Schema.String } }, /messages\.hello: give its fields/],
  ["no message", { messages: {} }, /a protocol without messages is none/],
  ["fields that are no schemas", { state: { heard: "number" } }, /described by schemas/],
  [
    "a state like an outcome",
    { state: { state: Schema.Number, effects: Schema.Number, events: Schema.Number } },
    /looks like an outcome/,
  ],
  ["step and on", { step: () => ({}) }, /tiny: `step` sees every input/],
  ["no handler", { on: undefined }, /tiny: it needs handlers/],
] as const)
  test(`refused: ${what}`, (t) => {
    const definition = { ...tiny, on: { hello: (_: unknown, state: unknown) => state }, ...define };
    t.throws(() => defineProtocol(definition as never), { instanceOf: TypeError, message });
  });
