// Every trace of the corpus is minimal: it violates its property exactly with its last action, and no single action can be left out. (That no
// shorter one exists, `npm run flaws` compares with what the search has found.)

import { readdirSync } from "node:fs";
import test from "ava";
import { superfluousActions } from "../../src/minimize/superfluous.js";
import type { Action } from "../../src/model/action.js";
import { readTrace } from "../../src/trace/index.js";

const files = readdirSync("corpus").filter((file) => file.endsWith(".json"));

test("the corpus is there", (t) => {
  t.is(files.length, 184);
});

for (const file of files)
  test(`${file} is minimal, and says so`, async (t) => {
    const trace = await readTrace(`corpus/${file}`);
    t.deepEqual(
      await superfluousActions(trace),
      [],
      `${file}: null means that it does not replay (turncoat replay says where), numbers are actions that can be left out: turncoat minimize corpus/${file}`,
    );
    t.true(trace.minimal);
  });

test("an action too many is found, by its number; a trace that ends too early is none", async (t) => {
  const trace = await readTrace("corpus/pbft-quorum-2f.json");
  const { actions } = trace;
  const toAThird = { ...actions[0]!, to: "r3" } as Action;
  t.deepEqual(
    await superfluousActions({ ...trace, actions: [actions[0]!, toAThird, ...actions.slice(1)] }),
    [2],
  );
  t.is(await superfluousActions({ ...trace, actions: actions.slice(0, -1) }), null);
  t.is(
    await superfluousActions({ ...trace, actions: [...actions, actions[0]!] }),
    null,
    "it goes on after the violation",
  );
});

test("what had to happen in a timed trace is not superfluous: without it, it is none", async (t) => {
  const trace = await readTrace("corpus/pbft-timeout-constant.json");
  const { actions, schedule } = trace;
  t.is(actions.length, 150);
  const { timesMs } = schedule!;
  const without = {
    ...trace,
    actions: actions.slice(1),
    schedule: { ...schedule!, timesMs: timesMs.slice(1) },
  };
  t.is(await superfluousActions(without), null, "its first action had to happen");
});
