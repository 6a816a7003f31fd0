// `defineProtocol`: a definition means the same protocol as the form written out by hand, state by state; what contradicts itself, or
// returns what is no outcome, is told in words.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import * as Schema from "effect/Schema";
import raft, { properties as raftProperties } from "../../examples/raft-election.js";
import streamlet from "../../examples/streamlet.js";
import { agreement } from "../../properties/index.js";
import { findProtocol } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { definitionParts } from "../../src/protocol/define-parts.js";
import {
  defineProtocol,
  equal,
  has,
  including,
  inTurn,
  type Json,
  majority,
  type Protocol,
  quorum,
  reply,
  weakQuorum,
} from "../../src/protocol/index.js";
import { adversaries, streamlet as writtenOut } from "../cases/streamlet.js";
import { root } from "../cli/support.js";
import raftWrittenOut from "../support/cases/raft-election-written-out.js";
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

/** The lines of a protocol that say something, without its mutants, adversaries and properties. */
function linesOf(file: string): number {
  const [protocol] = readFileSync(join(root, file), "utf8").split(
    /^(?:export const mutants|const arbitrary|const oneLeader|\/\*\* A Byzantine)/m,
  );
  return protocol!.split("\n").filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}

for (const [defined, writtenOutIn, wanted] of [
  ["examples/streamlet.ts", "test/cases/streamlet.ts", [85, 155]],
  ["examples/raft-election.ts", "test/support/cases/raft-election-written-out.ts", [45, 84]],
  ["examples/ava/vote.ts", "test/support/cases/vote-written-out.ts", [27, 48]],
] as const)
  test(`${defined} is shorter than the form written out by hand, and has no casts`, (t) => {
    t.deepEqual([linesOf(defined), linesOf(writtenOutIn)], [...wanted]);
    t.notRegex(
      readFileSync(join(root, defined), "utf8"),
      /^(?!\s*\/?[/*]).*(: any\b|<any|\bas (?!\*|const)\w+[;,)<[])/m,
    );
  });

test("quorums, turns and sets of plain values", (t) => {
  const sizes = [4, 5, 6, 7].map((replicas) => ({ replicas, faults: Math.floor((replicas - 1) / 3) }));
  t.deepEqual(sizes.map(quorum), [3, 4, 4, 5]);
  t.deepEqual(sizes.map(majority), [3, 3, 4, 4]);
  t.deepEqual(sizes.map(weakQuorum), [2, 2, 2, 3]);
  t.deepEqual(
    [0, 3, 4, 9].map((view) => inTurn({ replicas: 4 }, view)),
    ["r0", "r3", "r0", "r1"],
  );
  for (const none of [-1, 1.5, Number.NaN]) t.regex(inTurn({ replicas: 4 }, none), /^r(-1|1\.5|NaN)$/);
  t.true(equal({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] }));
  for (const [one, other] of [
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ a: undefined }, { b: undefined }],
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [null, {}],
    ["1", 1],
  ])
    t.false(equal(one, other));
  const votes = [{ from: "r0", value: "A" }];
  t.is(including(votes, { value: "A", from: "r0" }), votes);
  t.deepEqual(including(votes, { from: "r1", value: "A" }).length, 2);
  t.deepEqual(
    [has(votes, { from: "r0", value: "A" }), has(votes, { from: "r0", value: "B" })],
    [true, false],
  );
});

test("a reply goes on in its new state: effects, events and labels come in their order", (t) => {
  const first = reply({ view: 1 }).broadcast({ tag: "vote" }).labelled("counts").executed({ request: "A" });
  const outcomes = first.continued(({ view }) => [
    reply({ view: view + 1 })
      .setTimer("slow")
      .labelled("proposes A"),
    reply({ view }).shows("stays", view),
  ]);
  t.deepEqual(
    outcomes.map(({ state, effects, events, label }) => [
      state.view,
      effects.map(({ kind }) => kind),
      events.map(({ kind }) => kind),
      label,
    ]),
    [
      [2, ["broadcast", "set-timer"], ["executed"], "counts, proposes A"],
      [1, ["broadcast"], ["executed", "custom"], "counts"],
    ],
  );
  t.is(
    reply(1)
      .byChance("heads")
      .continued((state) => reply(state))[0]!.random,
    true,
  );
});

test("a reply goes on with a state alone, as a handler may; lists in lists and states in lists are errors that say so", (t) => {
  const list: readonly number[] = [1, 2];
  t.deepEqual(
    reply(0)
      .broadcast(...list)
      .effects.map((effect) => "message" in effect && effect.message),
    list,
  );
  t.deepEqual(reply(0).broadcast().effects, []);
  const [next] = reply({ view: 1 })
    .broadcast("vote")
    .continued(({ view }) => ({ view: view + 1 }));
  t.deepEqual([next!.state, next!.effects.length], [{ view: 2 }, 1]);
  const giving = (given: unknown) => () => reply({}).continued(() => given as never);
  t.throws(giving([reply({}).continued(() => reply({}))]), {
    message:
      "continued() returned a list with a list in it (spread what continued() gives, which is a list already)",
  });
  t.throws(giving([{ view: 1 }]), {
    message: "continued() returned a list with something that is no reply (put states into reply(...))",
  });
  t.throws(giving(undefined), {
    message: /^continued\(\) returned undefined: return a reply, several, or a state/,
  });
});

test("executedFrom executes what is new at the end of a log, and nothing where there is null", (t) => {
  const { events } = reply({}).executedFrom(3, ["A", null, "B"]);
  t.deepEqual(
    events.map((event) => event.kind === "executed" && [event.slot, event.position, event.request]),
    [
      [3, 3, "A"],
      [5, 5, "B"],
    ],
  );
});

test("executedFrom marks the entries for which no client has asked", (t) => {
  const { events } = reply({}).executedFrom(3, ["A", { own: "remove r1" }]);
  t.deepEqual(events, [
    { kind: "executed", slot: 3, position: 3, request: "A", result: null },
    { kind: "executed", slot: 4, position: 4, request: "remove r1", result: null, own: true },
  ]);
});

test("what is executed has a digest, and a misspelt part is named beside the one that it should be", (t) => {
  const executing = (given: unknown) => () => reply({}).executed(given as never);
  const takes = "executed() takes { request } with a text, the digest of a request; it was given ";
  t.throws(executing({ reqest: "A" }), {
    message: `${takes}{"reqest":"A"}. Its part "reqest": did you mean "request"?`,
  });
  t.throws(executing({ request: 5 }), { message: `${takes}{"request":5}.` });
  const entering = (given: unknown) => () => reply({}).executedFrom(3, ["A", given] as never);
  const takesThese =
    "executedFrom() takes a text, null, or { own } with a text, the digest of a request; it was given ";
  t.throws(entering({ own: 5 }), { message: `${takesThese}{"own":5}.` });
  t.throws(entering({ onw: "A" }), {
    message: `${takesThese}{"onw":"A"}. Its part "onw": did you mean "own"?`,
  });
  t.throws(entering(5), { message: `${takesThese}5.` });
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

test("a timer without a handler is an error where it is set, and not when it fires", async (t) => {
  for (const [part, where] of [
    [{ onStart: (_: unknown, state: object) => reply(state).setTimer("tick") }, "at its start"],
    [{ onRequest: (_: unknown, state: object) => reply(state).setTimer("tick") }, 'on {"kind":"request"'],
  ] as const) {
    const sets = defineProtocol({
      ...tiny,
      ...part,
      on: { hello: (_: unknown, state: object) => state },
    } as never);
    const error = await t.throwsAsync(search(alone(sets)));
    t.true(
      error!.message.includes('threw "tiny has no handler for the timer tick: there are none"'),
      error!.message,
    );
    t.true(error!.message.includes(where), error!.message);
  }
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
  [
    "a misspelt part",
    { vocabulry: { slots: null } },
    /tiny: defineProtocol knows no part "vocabulry"\. Did you mean "vocabulary"\?/,
  ],
  ["a misspelt handler", { onRequset: () => ({}) }, /no part "onRequset"\. Did you mean "onRequest"\?/],
  [
    "a stable field that is none",
    { stable: ["herd"] },
    /`stable` names a field .*: "herd"\. Did you mean "heard"\? There are: heard/,
  ],
  ["a stable function", { stable: (state: unknown) => state }, /tiny: `stable` has to be a list\./],
  ["a text of requests", { requests: "A" }, /tiny: `requests` has to be a list or a function\./],
  ["a handler that is none", { on: { hello: "hello" } }, /tiny: `on\.hello` has to be a function\./],
  [
    "a promise that nobody knows",
    { promises: "liveness" },
    /`promises` has to be "all-execute" or "termination" or "totality"\./,
  ],
] as const)
  test(`refused: ${what}`, (t) => {
    const definition = { ...tiny, on: { hello: (_: unknown, state: unknown) => state }, ...define };
    t.throws(() => defineProtocol(definition as never), { instanceOf: TypeError, message });
  });

test("refused: each part that is a number, or null", (t) => {
  const anything = ["messages", "state", "initial", "request", "resilience"];
  const parts = Object.keys(definitionParts).filter((part) => !anything.includes(part) && part !== "name");
  t.is(parts.length, 29);
  const variable = ["name", "flaw", "set", "rules", "on", "onTimer", "onRequest", "onStart", "exposedBy"];
  for (const value of [1, null]) {
    for (const part of parts) {
      const definition = { ...tiny, on: { hello: (_: unknown, state: unknown) => state }, [part]: value };
      t.throws(() => defineProtocol(definition as never), {
        message: new RegExp(`tiny: \`${part}\` has to be `),
      });
    }
    const right = defineProtocol({ ...tiny, on: { hello: (_, state) => state } });
    for (const part of variable)
      t.throws(() => right.with({ [part]: value } as never), {
        message: new RegExp(`tiny: \`${part}\` has to be `),
      });
  }
});

test("refused: a misspelt part of a variation", (t) => {
  const right = defineProtocol({ ...tiny, on: { hello: (_, state) => state } });
  t.throws(() => right.with({ onStrat: () => ({ heard: 1 }) } as never), {
    instanceOf: TypeError,
    message: /tiny: a variation has no part "onStrat"\. Did you mean "onStart"\?/,
  });
});
