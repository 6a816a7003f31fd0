// Which macro-steps of a node are kept: those that are not silently reachable from others. Most are left out since a silent step can come
// after a visible one, without looking at all that is silently reachable. What is kept has to be what looking at everything keeps.

import test from "ava";
import fc from "fast-check";
import { visibleSelection } from "../../src/explore/dominance.js";
import { Exploration, LocalSearch, type MacroStep } from "../../src/explore/local-search.js";
import { silent, stepStride } from "../../src/explore/step-table.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { IntList } from "../../src/model/tables.js";
import { countingModels, countingSetting, favouringModels } from "../support/counting-protocol.js";
import {
  everythingSeen,
  mortalSettingOf,
  randomModels,
  reluctantModels,
  safetySettingOf,
} from "../support/random-protocol.js";
import { pbftSetting } from "../support/settings.js";

/** The same by looking at everything. */
function keptByAll(exploration: Exploration, start: number) {
  const { table } = exploration.search;
  const all: MacroStep[] = [];
  for (const component of exploration.silentClosure(start)) {
    const at = exploration.steps(component);
    const { items } = exploration.items;
    for (let step = at + 1; step < at + 1 + items[at]! * stepStride; step += stepStride) {
      const [target, events] = [items[step + 1]!, items[step + 2]!];
      const isNew = !all.some((other) => other.target === target && other.events === events);
      if (events !== silent && isNew) all.push({ target, events });
    }
  }
  const looksLike = (one: MacroStep, other: MacroStep) =>
    one.events === other.events &&
    table.outboxOf[one.target] === table.outboxOf[other.target] &&
    table.crashesOf[one.target] === table.crashesOf[other.target];
  const standsFor = (one: MacroStep, other: MacroStep) =>
    looksLike(one, other) && !table.isDown(one.target) && exploration.reaches(one.target, other.target);
  const kept = all.filter(
    (step, index) =>
      !all.some(
        (other, before) =>
          other !== step && standsFor(other, step) && (before < index || !standsFor(step, other)),
      ),
  );
  return { kept, leftOut: all.length - kept.length };
}

const byTarget = (steps: readonly MacroStep[]) =>
  [...steps].sort((a, b) => a.target - b.target || a.events - b.events);

/** Goes through states by macro-steps, up to a number of them; returns in how many searches something was left out. */
function compareSelections(
  setting: Setting,
  states: number,
  compare: (got: unknown, expected: unknown) => void,
): number {
  const system = new TransitionSystem(setting);
  const explorations = system.nodes.map(
    (_, node) => new Exploration(new LocalSearch(system, node), Number.POSITIVE_INFINITY),
  );
  const select = visibleSelection();
  const lists = new IntList();
  const queue = system.initial().map(({ vector }) => vector);
  const known = new Set(queue.map(String));
  let found = 0;
  for (const vector of queue.values())
    for (const [node, exploration] of explorations.entries()) {
      system.inputs(vector, 0, node, lists);
      const atHand = [...lists.items.subarray(0, lists.length)];
      const component = vector[node]!;
      exploration.begin(atHand);
      const got = select(exploration, component);
      exploration.begin(atHand);
      const { kept, leftOut } = keptByAll(exploration, component);
      compare(byTarget(got), byTarget(kept));
      if (leftOut > 0) found++;
      for (const { target, events } of kept) {
        const next = vector.slice();
        next[node] = target;
        next[system.nodes.length] = system.observations.after(vector[system.nodes.length]!, node, events);
        if (known.size >= states || known.has(String(next))) continue;
        known.add(String(next));
        queue.push(next);
      }
    }
  return found;
}

for (const [name, settings, runs, atLeast] of [
  ["random protocols", randomModels.map(safetySettingOf), 30, 50],
  ["random protocols that do little", reluctantModels.map(safetySettingOf), 30, 10],
  [
    "random protocols with crashes",
    randomModels.map((model) => mortalSettingOf(model, [everythingSeen])),
    40,
    50,
  ],
  ["protocols that count", countingModels("none").map(countingSetting), 20, 100],
  [
    "protocols that count, and votes that matter together",
    countingModels("both").map(countingSetting),
    20,
    100,
  ],
  ["protocols that count, and favour somebody", favouringModels.map(countingSetting), 20, 100],
] as const)
  test(`what is kept is what looking at everything keeps: ${name}`, (t) => {
    let found = 0;
    fc.assert(
      fc.property(settings, (setting) => {
        found += compareSelections(setting, 120, (got, expected) => t.deepEqual(got, expected));
      }),
      { seed: 7, numRuns: runs },
    );
    t.true(found >= atLeast, `left out something in ${found} searches`);
  });

test("what is kept is what looking at everything keeps: PBFT", (t) => {
  for (const byzantine of ["r0", "r1"]) {
    const setting = pbftSetting("arbitrary", byzantine, { bounds: { views: 1 } });
    t.true(compareSelections(setting, 150, (got, expected) => t.deepEqual(got, expected)) > 50);
  }
});
