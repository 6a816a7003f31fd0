// Modules that lie, by mistake: state kept elsewhere, clocks and dice in any function, values of a wrong kind in any field. Each is
// refused at once with what it is and whose; nothing is checked that rests on it.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { UserError } from "../../src/model/errors.js";
import { plan } from "../../src/suite/plan.js";
import { directoryWith, moduleOf, refusedWith, turncoat } from "./support.js";

/** What is wrong with a module, in the words of the command line, without the cost of a process. */
async function problem(path: string, options: { readonly requests?: number; readonly crashes?: number }) {
  try {
    const [run] = plan(await findProtocol(path), { protocol: path, adversaries: ["none"], ...options });
    await search(await settingFrom(run!.description));
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(path, "./mine.ts");
    throw error;
  }
  return "nothing";
}

const onRequest = 'on {"kind":"request","request":"a"} in state {"n":0}';
const advice =
  "A step function must depend on its arguments alone; return several labelled outcomes where there is a choice, marked as random where chance decides.";
const returning = (effects: string, events = "[]", more = "") =>
  moduleOf({ step: `(_context, state) => [{ state, effects: [${effects}], events: ${events}${more} }]` });
const property = (functions: string) =>
  moduleOf({
    statements: `export const properties = [{ name: "odd", summary: "", kind: "always", observes: "both", exercise: "", monitor: () => ({
      init: 0, on: (state) => state, verdict: () => "holds", exercised: () => 1, explain: () => "", ${functions} }) }];`,
    step: '(_context, state) => [{ state, effects: [], events: [{ kind: "custom", name: "x", data: null }] }]',
  });

type Lie = readonly [
  what: string,
  source: string,
  message: string | RegExp,
  options?: { readonly requests?: number; readonly crashes?: number },
];

const lies: readonly Lie[] = [
  // --- clocks and dice ---
  [
    "reads the clock as a date",
    moduleOf({ step: "() => stay({ n: new Date().getMinutes() })" }),
    `r0 is nondeterministic: it asked new Date(), ${onRequest}. ${advice}`,
  ],
  [
    "reads the clock and forgets about the refusal",
    moduleOf({
      step: "() => { let n = 0; try { n = performance.now(); } catch { n = 1; } return stay({ n }); }",
    }),
    `r0 is nondeterministic: it asked performance.now, ${onRequest}. ${advice}`,
  ],
  [
    "names its start by a random id",
    moduleOf({ init: "() => stay({ n: crypto.randomUUID().length })" }),
    `r0 is nondeterministic: it asked crypto.randomUUID, at its start. ${advice}`,
  ],
  ...(
    [
      ["requests()", "requests: () => [String(Math.random())], digest: (r) => r"],
      ["digest()", "digest: (request) => request + Math.random()"],
      [
        "nodes()",
        'nodes: (config) => (Math.random(), replicaIds(config).map((id) => ({ id, role: "replica", behaviour })))',
      ],
      ["refuses()", "refuses: () => (Math.random() > 2 ? '' : null)"],
    ] as const
  ).map(
    ([name, fields]): Lie => [
      `throws dice in ${name}`,
      moduleOf({ fields }),
      `${name} of mine is nondeterministic: it asked Math.random. It must depend on its arguments alone.`,
    ],
  ),
  [
    "throws dice in view()",
    moduleOf({
      fields:
        'nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: { ...behaviour, view: () => Math.random() } }))',
    }),
    "view() of r0 is nondeterministic: it asked Math.random. It must depend on its arguments alone.",
  ],
  // --- state kept elsewhere ---
  [
    "remembers in a Map of the module whom it has seen",
    moduleOf({
      statements: "const seen = new Map();",
      init: '() => [{ state: { n: 0 }, effects: ["x", "y"].map((tag) => ({ kind: "broadcast", message: { tag } })), events: [] }]',
      step: `(_context, state, input) => {
        if (input.kind !== "message") return stay(state);
        seen.set(input.message.tag, true);
        return stay({ n: seen.size });
      }`,
    }),
    /^r\d is nondeterministic: the same step has another outcome after other steps, so something is remembered outside the state, on /,
  ],
  [
    "gives other requests each time",
    moduleOf({ statements: "let calls = 0;", fields: "requests: () => [String(calls++), 'b']" }),
    "requests() of mine gave other requests when it was called again: it must depend on the configuration alone.",
  ],
  // --- nodes, requests, digests ---
  [
    "has two nodes with one id",
    moduleOf({ fields: 'nodes: () => ["r0", "r1", "r1"].map((id) => ({ id, role: "replica", behaviour }))' }),
    'nodes() of mine gave two nodes with the id "r1": every node needs its own.',
  ],
  [
    "has a node without a behaviour",
    moduleOf({ fields: 'nodes: () => [{ id: "r0", role: "replica" }]' }),
    "nodes() of mine gave the node r0 a behaviour without the function init.",
  ],
  [
    "has a node with a role of its own",
    moduleOf({ fields: 'nodes: () => [{ id: "r0", role: "oracle", behaviour }]' }),
    'nodes() of mine gave the node r0 a role that is neither "replica" nor "client": "oracle".',
  ],
  [
    "names a request by a number",
    moduleOf({ fields: "digest: () => 7" }),
    'digest() of mine must give a string; it gave 7 for "a".',
  ],
  [
    "gives two requests one name",
    moduleOf({ fields: 'digest: () => "same"' }),
    'digest() of mine gave "same" for "a" and for "b": different requests need different names.',
  ],
  [
    "gives one request twice",
    moduleOf({ fields: 'requests: () => ["a", "a"]' }),
    'requests() of mine gave the request "a" twice: they must be distinct.',
  ],
  [
    "has fewer requests than are asked for",
    moduleOf({}),
    "3 requests are asked for, but there are only 2 requests of mine: use --requests 2, or let requests() give more.",
    { requests: 3 },
  ],
  // --- outcomes, effects, events ---
  [
    "returns a cyclic state",
    moduleOf({ step: "() => { const s = { n: 1 }; s.peers = [s]; return stay(s); }" }),
    `r0 returned a state that contains itself, at .peers[0], ${onRequest}.`,
  ],
  [
    "sends a cyclic message",
    moduleOf({
      step: "(_c, state) => { const m = { tag: 'x' }; m.self = m; return [{ state, effects: [{ kind: 'broadcast', message: m }], events: [] }]; }",
    }),
    `r0 returned something malformed: the message of an effect contains itself, at .self, ${onRequest}.`,
  ],
  [
    "returns a state without end",
    moduleOf({ step: "() => { let n = 0; for (let i = 0; i < 5000; i++) n = { n }; return stay({ n }); }" }),
    /^r0 returned a state that is nested more than 500 deep, at \.n\.n\.n/,
  ],
  [
    "returns a promise",
    moduleOf({ step: "async (_context, state) => stay(state)" }),
    `r0 must return a non-empty list of outcomes, not a promise, ${onRequest}.`,
  ],
  [
    "has an effect that is null",
    returning("null"),
    `r0 returned something malformed: an effect that is no object: null, ${onRequest}.`,
  ],
  ...["NaN", "-1", '"soon"', "Infinity"].map(
    (delay): Lie => [
      `sets a timer with the delay ${delay}`,
      returning(`{ kind: "set-timer", timer: "t", delay: ${delay} }`),
      "r0 returned something malformed: the delay of an effect is not a finite number, 0 or more (in multiples of the base timeout), or left " +
        `out: {"kind":"set-timer","timer":"t","delay":${delay}}, ${onRequest}.`,
    ],
  ),
  [
    "sets a timer without a name",
    returning('{ kind: "set-timer" }'),
    `r0 returned something malformed: the timer of an effect is not a string: {"kind":"set-timer"}, ${onRequest}.`,
  ],
  [
    "sends to nobody",
    returning('{ kind: "send", message: { tag: "x" } }'),
    `r0 returned something malformed: the to of an effect is not the id of a node: {"kind":"send","message":{"tag":"x"}}, ${onRequest}.`,
  ],
  [
    "sends nothing",
    returning('{ kind: "broadcast" }'),
    /^r0 sent a message that does not fit the protocol's schema: the value itself: expected/,
  ],
  [
    "defers under no key",
    returning('{ kind: "defer" }'),
    `r0 returned something malformed: the key of an effect is not a string: {"kind":"defer"}, ${onRequest}.`,
  ],
  [
    "labels an outcome with a number",
    returning("", "[]", ", label: 1"),
    `r0 returned an outcome whose label is not a string: 1, ${onRequest}.`,
  ],
  [
    "says how random an outcome is",
    returning("", "[]", ", random: 0.5"),
    `r0 returned an outcome whose random is neither true nor false: 0.5, ${onRequest}.`,
  ],
  [
    "executes at a slot that is no number",
    returning("", '[{ kind: "executed", slot: "1", position: 1, request: "a", result: null }]'),
    `r0 returned an event whose slot is not a whole number: {"kind":"executed","slot":"1","position":1,"request":"a","result":null}, ${onRequest}.`,
  ],
  [
    "has an event that contains itself",
    returning("", '(() => { const e = { kind: "custom", name: "x" }; e.data = e; return [e]; })()'),
    `r0 returned events that are not plain JSON, ${onRequest}.`,
  ],
  // --- the small functions of a behaviour ---
  ...[
    ["NaN", "NaN"],
    ["undefined", "undefined"],
    ['"1"', '"1"'],
    ["-1", "-1"],
  ].map(
    ([value, shown]): Lie => [
      `is in the view ${value}`,
      moduleOf({
        statements: `const at = ${value};`,
        fields:
          'nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: { ...behaviour, view: (s) => (s.n < 0 ? 0 : at === undefined ? "undefined" : at) } }))',
      }),
      value === "undefined"
        ? 'view() of r0 must give a whole number, 0 or more; it gave "undefined", in state {"n":0}.'
        : `view() of r0 must give a whole number, 0 or more; it gave ${shown}, in state {"n":0}.`,
    ],
  ),
  [
    "keeps a Map in stable storage",
    moduleOf({
      fields:
        'nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: { ...behaviour, stable: () => new Map() } }))',
    }),
    'stable() of r0 must give plain JSON; it gave {}, in state {"n":0}.',
    { crashes: 1 },
  ],
  // --- adversaries ---
  [
    "has an adversary whose moves are no list",
    moduleOf({
      statements: `export const adversaries = [{ name: "evil", summary: "", strength: 9, forwards: false, speaks: true,
        canMove: () => true, observes: () => false, moves: () => undefined }];`,
    }),
    "The adversary evil, as r0, must give a list of messages; it gave undefined.",
  ],
  [
    "has an adversary that throws dice",
    moduleOf({
      statements: `export const adversaries = [{ name: "evil", summary: "", strength: 9, forwards: false, speaks: true,
        canMove: () => true, observes: () => false, moves: () => [{ tag: String(Math.random()) }] }];`,
    }),
    "The adversary evil, as r0, is nondeterministic: it asked Math.random. It must depend on its arguments alone.",
  ],
  // --- properties ---
  [
    "has a property that throws dice",
    property("on: () => Math.random()"),
    /property odd is nondeterministic: it asked Math\.random\. It must depend on its arguments alone\.$/,
  ],
  [
    "has a property with a verdict of its own",
    property('verdict: () => "maybe"'),
    'verdict() of the property odd must give "holds", "violated" or "pending"; it gave "maybe".',
  ],
  [
    "has a property that counts in strings",
    property('exercised: () => "many"'),
    'exercised() of the property odd must give a whole number, 0 or more; it gave "many".',
  ],
  [
    "has a property whose state is a Set",
    property("on: () => new Set()"),
    "The property odd must keep plain JSON as its state; it keeps {}.",
  ],
];

for (const [what, source, message, options = {}] of lies)
  test(`a module that ${what} is refused`, async (t) => {
    const directory = await directoryWith(t, { "mine.ts": source });
    const adversaries = source.includes('name: "evil"') ? { adversaries: ["evil"] } : {};
    const found = await problem(`${directory}/mine.ts`, { ...options, ...adversaries });
    if (typeof message === "string") t.is(found, message);
    else t.regex(found, message);
  });

test("a module that lies ends the command with 2 and one message", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": moduleOf({}) });
  refusedWith(
    t,
    await turncoat(directory, "check", "./mine.ts", "--adversary", "none", "--requests", "3", "--json"),
    "turncoat: 3 requests are asked for, but there are only 2 requests of mine: use --requests 2, or let requests() give more.",
  );
});

test("where nobody has said how many requests there are to be, there are as many as the module has", async (t) => {
  const source = moduleOf({ fields: 'requests: () => ["a"]' });
  const directory = await directoryWith(t, { "mine.ts": source });
  const [run] = plan(await findProtocol(`${directory}/mine.ts`), { protocol: `${directory}/mine.ts` });
  t.is(run!.description.config.requests, 1);
});

test("in the library, the adversary `none` is none, as on the command line", async (t) => {
  const description = {
    ...{ protocol: "pbft", byzantine: [], adversary: "none", network: "async", bounds: { views: 0 } },
    ...{
      config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false },
      properties: ["agreement"],
    },
  };
  t.is((await settingFrom(description)).adversary, null);
  const error = await t.throwsAsync(settingFrom({ ...description, byzantine: ["r1"] }));
  t.is(error!.message, "Byzantine replicas need an adversary, not `none`.");
});
