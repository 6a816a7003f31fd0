// The cache of macro-steps tries which inputs have an effect, and may be abandoned while it does: what it has found by then must not count
// as all there is.

import test from "ava";
import { LocalSearch, type Selection } from "../../src/explore/local-search.js";
import { MacroStepCache } from "../../src/explore/macro-step-cache.js";
import { silent, stepStride } from "../../src/explore/step-table.js";
import { TransitionSystem } from "../../src/model/system.js";
import { IntList } from "../../src/model/tables.js";
import { Abandoned } from "../../src/watch/clock.js";
import { everythingSeen } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";

/** A search that is abandoned when it is asked for the n-th time which inputs have an effect. */
class Hurried extends LocalSearch {
  left = 0;

  override effectiveAmong(...asked: Parameters<LocalSearch["effectiveAmong"]>): number[] {
    if (this.left-- === 0) throw new Abandoned("for the test");
    return super.effectiveAmong(...asked);
  }
}

/** All visible steps behind silent ones. */
const everything: Selection = (exploration, start) =>
  [...exploration.silentClosure(start)].flatMap((component) => {
    const at = exploration.steps(component);
    const { items } = exploration.items;
    return Array.from({ length: items[at]! }, (_, index) => ({
      target: items[at + 2 + stepStride * index]!,
      events: items[at + 3 + stepStride * index]!,
    })).filter(({ events }) => events !== silent);
  });

/** r0 says a, and r2 says b, which shows something once a was counted. */
const setting = toySetting(
  {
    init: ({ self }) =>
      to("start", self === "r1" ? [] : [{ kind: "send", to: "r1", message: self === "r0" ? "a" : "b" }]),
    step: (_context, state, input) => {
      if (input.kind !== "message") return to(state);
      if (input.message === "a") return state === "start" ? to("counted") : to(state);
      return state === "counted" ? to("end", [], [seen("end")]) : to(state);
    },
  },
  {
    config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false },
    properties: [everythingSeen],
  },
);

/** How many macro-steps r1 has under each of these sets of messages, one after the other, if it is abandoned at that moment. */
function macroSteps(order: readonly (readonly string[])[], left: number) {
  const system = new TransitionSystem(setting);
  const { vector } = system.initial()[0]!;
  const all = new IntList();
  system.inputs(vector, 0, 1, all);
  const search = new Hurried(system, 1);
  const cache = new MacroStepCache(system, search, everything, Number.POSITIVE_INFINITY);
  search.left = left;
  const counts = order.map((words) => {
    const lists = new IntList();
    for (const list of all.items.subarray(0, all.length)) {
      const inputs = system.listOf(list).items.map((packet) => system.inputOf(packet));
      if (inputs.every((input) => input.kind === "message" && words.includes(String(input.message))))
        lists.push(list);
    }
    const from = () => cache.macroSteps[cache.from(vector[1]!, lists)]!.length;
    try {
      return from();
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
      return from();
    }
  });
  return { counts, wasAbandoned: search.left < 0 };
}

for (const order of [
  [["a"], ["a", "b"], ["b"]],
  [["b"], ["a", "b"], ["a"]],
  [["a", "b"], ["a"], ["b"]],
])
  test(`a search that is abandoned while inputs are tried is made again: ${order.join(" then ")}`, (t) => {
    const expected = order.map((words) => (words.length === 2 ? 1 : 0));
    let left = 0;
    for (; ; left++) {
      const { counts, wasAbandoned } = macroSteps(order, left);
      t.deepEqual(counts, expected, `abandoned at ${left}`);
      if (!wasAbandoned) break;
    }
    t.true(left >= 4);
  });
