// Which nodes can come round to a state again.

import test from "ava";
import { mayGoRound } from "../../src/explore/acyclic.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import type { Json, Outcomes, Property } from "../../src/protocol/index.js";
import { everythingSeen } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";

const steps = 6;

/** Explores the states of a single node whose timer always runs, and says whether they can come round again. */
function comesRound(
  next: (state: number) => Outcomes<Json, Json>,
  properties: readonly Property[] = [],
): boolean {
  const setting = toySetting(
    {
      init: () => to(0, [{ kind: "set-timer", timer: "tick" }]),
      step: (_context, state) =>
        next(state as number).map((step) => ({
          ...step,
          effects: [{ kind: "set-timer", timer: "tick" }],
        })),
    },
    { config: { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false }, properties },
  );
  const system = new TransitionSystem(setting);
  let walks = system.initial().map((initial) => new Walk(system, initial));
  for (let step = 0; step < steps; step++) {
    walks = walks.flatMap((walk) => {
      const count = walk.successors().length;
      return Array.from({ length: count }, (_, index) => {
        const longer = new Walk(system, { vector: walk.vector, choice: {} });
        longer.take(index);
        return longer;
      });
    });
  }
  return mayGoRound(system);
}

test("a chain of states does not come round", (t) => {
  t.false(comesRound((state) => to(Math.min(state + 1, 4))));
});

test("branches that join are no cycle", (t) => {
  t.false(
    comesRound((state) =>
      state > 1
        ? to(3)
        : [
            { label: "left", state: state + 1, effects: [], events: [] },
            { label: "right", state: 2, effects: [], events: [] },
          ],
    ),
  );
});

test("a step back is a cycle, however far back it goes", (t) => {
  t.true(comesRound((state) => to(state === 4 ? 1 : state + 1)));
  t.true(comesRound((state) => to((state + 1) % 2)));
});

test("a step that changes nothing is no step", (t) => {
  t.false(comesRound((state) => to(state)));
});

test("a state that shows events for ever counts as a cycle, for what is observed may come round", (t) => {
  const again = (state: number) => to(state, [], [seen("again")]);
  t.true(comesRound(again, [everythingSeen]));
  t.false(comesRound(again, [{ ...everythingSeen, hears: () => false }]));
});
