// Traces that cover all pairs of adjacent actions: against all action sequences of a small protocol, and replayed on random ones.

import test from "ava";
import fc from "fast-check";
import { findProtocol, settingIn } from "../../src/catalogue/index.js";
import { actionKind, coverPairs, type PairCoverage } from "../../src/explore/action-pairs.js";
import type { Action } from "../../src/model/action.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { everythingSeen, randomModels, settingOf } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";
import { neverBoth } from "../support/toy-properties.js";

const limits = { executions: 100, states: 100_000, length: 60 };

/** The pairs in executions that are possible, each performed action by action. */
function pairsOf({ executions }: PairCoverage, system: TransitionSystem): Set<string> {
  const pairs = new Set<string>();
  for (const { start, actions } of executions) {
    const walk = Walk.begin(system, start)!;
    for (const [index, action] of actions.entries()) {
      if (!walk.perform(action)) throw new Error(`not possible: ${JSON.stringify(action)}`);
      if (index > 0) pairs.add(`${actionKind(actions[index - 1]!)}, ${actionKind(action)}`);
    }
  }
  return pairs;
}

const texts = (pairs: PairCoverage["covered"]) => pairs.map((pair) => pair.join(", ")).sort();

test("two-phase commit: the pairs are those of all sequences of actions", async (t) => {
  const found = await findProtocol("two-phase-commit");
  const setting = settingIn(found, {
    ...{
      protocol: "two-phase-commit",
      byzantine: [],
      adversary: null,
      network: "async",
      bounds: { views: 0 },
    },
    ...{
      config: { replicas: 3, faults: 1, requests: 0, slots: 1, clients: false },
      properties: ["agreement"],
    },
  });
  const system = new TransitionSystem(setting);
  const managers = ["r1", "r2"];
  const all: Action[] = [
    ...["r0", ...managers].flatMap((node) =>
      ["prepare", "abort", "commit"].map((timer): Action => ({ kind: "timer", node, timer })),
    ),
    ...managers.map((from): Action => ({ kind: "deliver", from, to: "r0", message: "prepared" })),
    ...managers.flatMap((to) =>
      ["commit", "abort"].map((message): Action => ({ kind: "deliver", from: "r0", to, message })),
    ),
  ];
  const pairs = new Set<string>();
  const seen = new Set<string>();
  const go = (vector: Int32Array, last: string | null): void => {
    if (seen.has(`${last} ${vector}`)) return;
    seen.add(`${last} ${vector}`);
    for (const action of all) {
      const next = system.perform(vector, action);
      if (next === null) continue;
      if (last !== null) pairs.add(`${last}, ${actionKind(action)}`);
      go(next, actionKind(action));
    }
  };
  for (const { vector } of system.initial()) go(vector, null);
  const coverage = coverPairs(new TransitionSystem(setting), limits);
  t.deepEqual(texts(coverage.covered), [...pairs].sort());
  t.deepEqual([coverage.left, coverage.isExhaustive], [[], true]);
  t.is(coverage.covered.length + coverage.absent.length, coverage.kinds.length ** 2);
  t.deepEqual([...pairsOf(coverage, system)].sort(), [...pairs].sort());
  t.deepEqual([coverage.executions.length, pairs.size, coverage.kinds.length], [7, 17, 6]);

  // What takes more actions than are wanted can happen all the same.
  const short = coverPairs(new TransitionSystem(setting), { ...limits, length: 3 });
  t.deepEqual([...texts(short.covered), ...texts(short.left)].sort(), [...pairs].sort());
  t.deepEqual(texts(short.absent), texts(coverage.absent));
  t.deepEqual([short.covered.length, short.left.length], [13, 4]);
});

test("pairs that violate a property wherever they happen are told apart from those that cannot happen", (t) => {
  const timers = (["a", "b", "c"] as const).map((timer) => ({ kind: "set-timer", timer }) as const);
  const setting = toySetting(
    {
      init: () => to("", timers),
      step: (_, state, input) =>
        input.kind === "timer" ? to(`${state}${input.timer}`, [], [seen(input.timer)]) : to(state),
    },
    {
      config: { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [neverBoth("a", "b")],
    },
  );
  const found = coverPairs(new TransitionSystem(setting), limits);
  const [a, b, c] = ["timer a", "timer b", "timer c"];
  t.deepEqual(texts(found.covered), [`${a}, ${c}`, `${b}, ${c}`, `${c}, ${a}`, `${c}, ${b}`]);
  t.deepEqual(texts(found.violating), [`${a}, ${b}`, `${b}, ${a}`]);
  t.deepEqual(texts(found.absent), [`${a}, ${a}`, `${b}, ${b}`, `${c}, ${c}`]);
  t.deepEqual([found.left, found.isExhaustive], [[], true]);
});

test("random protocols: what is said to be covered is, and fewer traces leave the rest", (t) => {
  const told = { executions: 0, covered: 0, left: 0, cut: 0 };
  for (const model of fc.sample(randomModels, { seed: 5, numRuns: 25 })) {
    const setting = settingOf(model, [everythingSeen]);
    const coverage = coverPairs(new TransitionSystem(setting), { ...limits, executions: 3, states: 500 });
    const pairs = pairsOf(coverage, new TransitionSystem(setting));
    for (const pair of texts(coverage.covered)) t.true(pairs.has(pair));
    for (const pair of texts(coverage.left)) t.false(pairs.has(pair));
    t.true(coverage.executions.length <= 3);
    told.executions += coverage.executions.length;
    told.covered += coverage.covered.length;
    told.left += coverage.left.length;
    if (!coverage.isExhaustive) told.cut++;
  }
  t.deepEqual(told, { executions: 56, covered: 157, left: 28, cut: 2 });
});
