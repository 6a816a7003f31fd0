// Informal Trace Format: against a schema of the format, and against what happened.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import { exporterNamed } from "../../src/export/index.js";
import { itfTrace } from "../../src/export/itf.js";
import { itfValue } from "../../src/export/itf-value.js";
import { root } from "../cli/support.js";
import { kinds, traceNamed } from "./traces.js";

const { write } = exporterNamed("itf");
const schema = JSON.parse(readFileSync(join(root, "test/export/itf.schema.json"), "utf8"));
const isItf = new Ajv({ strict: true, strictRequired: false }).compile(schema);

for (const [name, actions, loop, make] of kinds)
  test(`"${name}" is ITF: a state for the start and for each action`, async (t) => {
    const document = JSON.parse(write(await make()));
    t.true(isItf(document), JSON.stringify(isItf.errors));
    t.is(document.states.length, 1 + actions + loop);
    t.is(document.loop, loop === 0 ? undefined : actions + 1);
    for (const state of document.states)
      t.deepEqual(Object.keys(state), ["#meta", ...document.vars], "every variable in every state");
  });

test("the schema is not content with everything", async (t) => {
  const document = JSON.parse(write(await traceNamed("a loss")));
  const broken: readonly object[] = [
    { ...document, vars: ["#meta"] },
    { ...document, states: [] },
    { ...document, loop: "1" },
    { ...document, more: 1 },
    { ...document, states: [{ ...document.states[0], action: null }] },
    { ...document, states: [{ ...document.states[0], action: 0.5 }] },
    { ...document, states: [{ ...document.states[0], action: { tag: "vote", view: 0 } }] },
    { ...document, states: [{ ...document.states[0], action: { "#set": 1 } }] },
    { ...document, states: [{ ...document.states[0], action: { "#thing": [] } }] },
  ];
  t.deepEqual(
    broken.map((one) => isItf(one)),
    broken.map(() => false),
  );
});

test("nodes stand where the replay says, and a state differs from the one before in the node that acted", async (t) => {
  const replayed = await traceNamed("two requests at one slot");
  const { states } = itfTrace(replayed);
  const nodes = states.map(
    (state) => new Map((state as { nodes: { "#map": [string, unknown][] } }).nodes["#map"]),
  );
  t.deepEqual([...nodes[0]!.keys()], ["r1", "r2", "r3"]);
  for (const [index, { node, now }] of replayed.result.steps.entries()) {
    const changed = [...nodes[index + 1]!].filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(nodes[index]!.get(name)),
    );
    t.deepEqual(
      changed.map(([name]) => name),
      [node],
    );
    t.deepEqual((changed[0]![1] as { state: unknown }).state, itfValue(now.state));
  }
});

test("what is repeated begins after the first action of the loop, and its last state is the one before that action", async (t) => {
  const { states, loop } = itfTrace(await traceNamed("a circle"));
  t.is(loop, 2);
  const { nodes: before } = states[loop! - 1] as { nodes: unknown };
  t.deepEqual((states.at(-1) as { nodes: unknown }).nodes, before);
});

test("the first state says how nodes began that had a choice", async (t) => {
  const { states } = itfTrace(await traceNamed("a new view without reason"));
  t.deepEqual(states[0]!.action, { tag: "start", value: { "#map": [["r0", "c0:1:A; c1:1:B"]] } });
});

test("a node that has crashed is down until it restarts", async (t) => {
  const { states } = itfTrace(await traceNamed("a crash"));
  const down = states.map((state) => JSON.stringify(state.nodes).includes('"down":true'));
  t.deepEqual(down, [false, false, true, false]);
});

test("values are told apart as a reader of the format tells them apart", (t) => {
  t.deepEqual(itfValue({ tag: "vote", view: 0 }), { tag: "vote", value: { view: 0 } });
  t.deepEqual(itfValue({ tag: "vote" }), { tag: "vote", value: { "#tup": [] } });
  t.deepEqual(itfValue(null), { tag: "None", value: { "#tup": [] } });
  t.deepEqual(itfValue([1, [true, "x"]]), [1, [true, "x"]]);
  t.deepEqual(itfValue(0.5), { "#unserializable": "0.5" });
  t.deepEqual(itfValue({ "#set": [1], tag: 1, _tag: 2 }), {
    "_#set": [1],
    field_tag: 1,
    field__tag: 2,
  });
  t.deepEqual(itfValue({ _tag: "Vote", __x: 1 }), { tag: "Vote", value: { field___x: 1 } });
});
