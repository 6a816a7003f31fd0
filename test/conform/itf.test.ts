// Behaviours of a specification, as Quint 0.33.1 writes them: `quint run examples/two-phase.qnt --main twoPhase --mbt --out-itf FILE
// --backend typescript`, with `--seed 11 --max-steps 14 --n-traces 4`, and one in which `manager.get("r2") != "committed"` is violated (`--seed 5`).

import { readFileSync } from "node:fs";
import test from "ava";
import { conformMapped, foreignRecords, readForeign, readMap } from "../../src/conform/index.js";
import { plain } from "../../src/conform/map/foreign.js";

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
