// Behaviours of a specification, as Quint 0.33.1 writes them: `quint run examples/two-phase.qnt --main twoPhase --mbt --out-itf FILE
// --backend typescript`, with `--seed 11 --max-steps 14 --n-traces 4`, and one in which `manager.get("r2") != "committed"` is violated (`--seed 5`).

import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { settingFrom } from "../../src/catalogue/index.js";
import {
  conformMapped,
  foreignRecords,
  type MapFile,
  readForeign,
  readMap,
} from "../../src/conform/index.js";
import { plain } from "../../src/conform/map/foreign.js";
import { ownValue } from "../../src/conform/map/own-itf.js";
import { coverPairs } from "../../src/explore/action-pairs.js";
import { exporterNamed } from "../../src/export/index.js";
import { itfValue } from "../../src/export/itf-value.js";
import { TransitionSystem } from "../../src/model/system.js";
import type { Json } from "../../src/protocol/index.js";
import { replayIn, traceOf } from "../../src/trace/index.js";

const map = readMap("examples/two-phase.map.json");
const file = (name: string) => `test/conform/itf/${name}.itf.json`;

for (const [name, events] of [
  ["aborts", 13],
  ["aborts-alone", 11],
  ["commits", 10],
] as const)
  test(`the specification's behaviour that ${name.replace("-", " ")} is one of the TypeScript behaviours, state by state`, async (t) => {
    const found = await conformMapped(readForeign([file(name)]), map);
    t.deepEqual([found.rejection, found.explained, found.unmapped.count], [null, events, 0]);
  });

test("a state, or an action, that the behaviour does not have is told", async (t) => {
  const changed = async (state: number, change: { readonly [variable: string]: unknown }) => {
    const trace = JSON.parse(readFileSync(file("commits"), "utf8")) as { states: object[] };
    const states = trace.states.map((one, index) => (index === state ? { ...one, ...change } : one));
    const { rejection } = await conformMapped(
      foreignRecords(JSON.stringify({ ...trace, states }), "itf"),
      map,
    );
    return rejection;
  };
  t.deepEqual(await changed(7, { prepared: { "#set": ["r1", "r2"] } }), {
    place: "state 7 of itf",
    what: "the coordinator hears that a manager is prepared, at r0",
    obstacles: [
      {
        reason: 'in the state of r0 prepared is ["r1","r2","r3"], and not the set ["r1","r2"]',
        candidates: 1,
      },
    ],
  });
  const early = await changed(5, { "mbt::actionTaken": "commit" });
  t.deepEqual(early?.obstacles, [
    { reason: "the timer commit of r0 expires, and is not set (abort is)", candidates: 1 },
  ]);
});

test("TLC's counterexamples are states with the actions that led there", (t) => {
  const state = (votes: number) => ({ votes, who: ["r1"] });
  const tlc = {
    action: [
      [
        [1, state(0)],
        { name: "Vote", location: { module: "Votes", beginLine: 3 }, parameters: ["r1"] },
        [2, state(1)],
      ],
    ],
    state: [
      [2, state(1)],
      [1, state(0)],
    ],
  };
  for (const text of [JSON.stringify(tlc), JSON.stringify({ counterexample: tlc })])
    t.deepEqual(foreignRecords(text, "tlc"), [
      { record: { ...state(0), action: null, parameters: null }, place: "state 0 of tlc" },
      { record: { ...state(1), action: "Vote", parameters: ["r1"] }, place: "state 1 of tlc" },
    ]);
  // Earlier versions write the states alone.
  t.deepEqual(
    foreignRecords(JSON.stringify([state(0)]), "tlc").map(({ record }) => record),
    [state(0)],
  );
});

test("values of ITF are plain JSON; what its writer could not say is refused", (t) => {
  t.deepEqual(
    plain({ a: { "#bigint": "12" }, b: { "#tup": [1] }, c: { "#set": [{ "#bigint": "-1" }] } }, "x"),
    {
      ...{ a: 12, b: [1], c: [-1] },
    },
  );
  t.deepEqual(plain({ "#map": [["r1", { "#set": [] }]] }, "x"), { r1: [] });
  t.deepEqual(plain({ "#map": [[{ "#tup": [1, 2] }, 3]] }, "x"), [[[1, 2], 3]]);
  t.throws(() => plain({ "#bigint": "9007199254740993" }, "state 4"), {
    message: /^state 4 has the number 9007199254740993/,
  });
  t.throws(() => plain({ "#unserializable": "Nat" }, "state 4"), {
    message: /^state 4 has a value that its writer could not say: "Nat"/,
  });
});

test("a state of ITF without one of the variables, or with two values for one key, is refused", (t) => {
  const read = (...states: object[]) =>
    foreignRecords(JSON.stringify({ vars: ["n", "z"], states }), "spec.itf.json").map(({ record }) => record);
  t.deepEqual(read({ n: 0, z: null }), [{ n: 0, z: null }]);
  // Quint's simulator accepts an action that leaves a variable out: findings/quint-variable-not-set.sh.
  t.throws(() => read({ n: 0, z: 0 }, { n: 1 }), {
    message:
      'state 1 of spec.itf.json has no value of z, which the "vars" of the file list. If Quint wrote it: the action that led there sets no next value (z\' = z keeps the present one).',
  });
  t.throws(() => foreignRecords('{ "vars": [], "states": [7] }', "x"), {
    message: "state 0 of x is no record of variables, but 7.",
  });
  const twice = (a: Json, b: Json) => () =>
    plain(
      {
        "#map": [
          [a, 1],
          [b, 2],
        ],
      },
      "state 4",
    );
  t.throws(twice({ "#bigint": "1" }, 1), { message: "state 4 has a map with two values for the key 1." });
  t.throws(twice("1", 1), { message: "state 4 has a map with two values for the key 1." });
  t.throws(twice({ "#tup": [1] }, { "#tup": [1] }), {
    message: "state 4 has a map with two values for the key [1].",
  });
  t.deepEqual(twice("a", "b")(), { a: 1, b: 2 });
});

test("what Turncoat writes as ITF it reads back as it was", (t) => {
  fc.assert(
    fc.property(value, (one) => {
      t.deepEqual(ownValue(JSON.parse(JSON.stringify(itfValue(one)))), one);
    }),
  );
});

const names = fc.constantFrom("view", "value", "tag", "_tag", "__x", "field_x", "#map", "#x", "_#x");
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, 0, -1, 0.5, 2 ** 60, "a", "None"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 3 }).filter(isTellable),
  ),
}));

/** What a variant of ITF can say: its tag stands in `tag`, and one that is only `None` is null. */
function isTellable(fields: { readonly [name: string]: Json }): boolean {
  if (typeof fields.tag !== "string") return typeof fields._tag !== "string";
  return fields.tag !== "None" || Object.keys(fields).length > 1;
}

function lastChanged(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return at < 0 ? text : `${text.slice(0, at)}${to}${text.slice(at + from.length)}`;
}

/** What an action of a trace of ours means, and where it leaves the nodes. */
function ownMap(protocol: string, config: object, nodes: readonly string[]): MapFile {
  const states = Object.fromEntries(nodes.map((node) => [node, `$nodes.${node}.state`]));
  const from = { $pick: ["$action.tag", { inject: "r0", "*": "$action.from" }] };
  return {
    ...{ format: "turncoat-map", version: 1, protocol, config: { ...config }, states, given: true },
    byzantine: nodes.includes("r0") ? [] : ["r0"],
    nodes: Object.fromEntries(nodes.map((node) => [node, node])),
    rules: [
      { when: { "action.tag": "start" } },
      { when: { "action.tag": "timer" }, node: "$action.node", input: { timer: "$action.timer" } },
      {
        when: { "action.tag": { $oneOf: ["deliver", "inject"] } },
        node: "$action.to",
        input: { message: "$action.message", from },
      },
    ],
  };
}

test("traces of ours conform when they are read back from ITF, and no longer once a state or a message is changed", async (t) => {
  let states = 0;
  const rejected = [0, 0];
  for (const [protocol, limit, byzantine] of [
    ["two-phase-commit", 20_000, []],
    ["pbft", 300, ["r0"]],
  ] as const) {
    const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
    const found = await settingFrom({
      ...{ protocol, config, byzantine, adversary: byzantine.length > 0 ? "equivocating-primary" : null },
      ...{ network: "async", bounds: { views: 0 }, properties: ["agreement"] },
    });
    const coverage = coverPairs(new TransitionSystem(found), { executions: 3, states: limit, length: 20 });
    const nodes = ["r0", "r1", "r2", "r3"].filter((id) => !(byzantine as readonly string[]).includes(id));
    const map = ownMap(protocol, config, nodes);
    for (const { start, actions } of coverage.executions) {
      const violation = { property: "agreement", explanation: "nothing", start, actions };
      const trace = traceOf(found, violation, { protocol });
      const text = exporterNamed("itf").write({
        trace,
        result: replayIn(found, "agreement", trace),
        file: "x",
      });
      const { rejection, explained } = await conformMapped(foreignRecords(text, "x"), map);
      t.deepEqual([rejection?.obstacles ?? null, explained], [null, actions.length + 1]);
      states += explained;
      const changes = [
        lastChanged(text, '"pre-prepared"', '"open"'),
        lastChanged(text, '"from": "r', '"from": "x'),
      ];
      for (const [index, changed] of changes.entries()) {
        const again =
          changed === text ? null : (await conformMapped(foreignRecords(changed, "x"), map)).rejection;
        if (again !== null) rejected[index]!++;
      }
    }
  }
  t.deepEqual([states, rejected], [43, [3, 5]]);
});
