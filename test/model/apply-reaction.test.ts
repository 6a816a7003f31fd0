// One meaning of "a node reacts": the transitions that a search lists, which hot loops compute, are those that an
// action has when it is performed by itself, on every network.

import test from "ava";
import fc from "fast-check";
import { possibleActions } from "../../src/model/fairness.js";
import { Successors } from "../../src/model/successors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { IntList } from "../../src/model/tables.js";
import { randomModels, safetySettingOf } from "../support/random-protocol.js";

const steps = 12;
const bounds = { views: 1, crashes: 1, recovery: "always", losing: "volatile" } as const;

/** A random walk; `look` is called with each of its states and the transitions that lead from there. */
function walk(
  system: TransitionSystem,
  dice: Iterator<number>,
  look: (vector: Int32Array, successors: Successors) => void,
): void {
  const successors = new Successors();
  const vector = system.initial()[0]!.vector.slice();
  for (let step = 0; step < steps; step++) {
    system.successors(vector, 0, successors);
    look(vector, successors);
    if (successors.length === 0) return;
    successors.writeTo((dice.next().value as number) % successors.length, vector);
  }
}

for (const network of ["async", "once", "once:keep", "fifo", "lossy:1", "duplicating:1"])
  test(`${network}: a transition leads to where its action leads`, (t) => {
    let compared = 0;
    fc.assert(
      fc.property(randomModels, fc.infiniteStream(fc.nat(99)), (model, dice) => {
        const system = new TransitionSystem({ ...safetySettingOf(model), network, bounds });
        walk(system, dice, (vector, successors) => {
          const reached = new Set<string>();
          for (let index = 0; index < successors.length; index++) {
            const next = vector.slice();
            successors.writeTo(index, next);
            const action = system.reactions.action(successors.node(index), successors.cause(index));
            t.is(system.perform(vector, action)?.join(), next.join(), JSON.stringify(action));
            if (action.kind !== "lose" && action.kind !== "duplicate") reached.add(next.join());
            compared++;
          }
          const possible = possibleActions(system, vector).flatMap(({ chosen, toss }) => [
            ...chosen,
            ...toss,
          ]);
          t.deepEqual([...new Set(possible.map((next) => next.join()))].sort(), [...reached].sort());
        });
      }),
      { seed: 16, numRuns: 8 },
    );
    t.true(compared > 80, `${compared}`);
  });

test("async: the inputs that hot loops look up are those that the system lists", (t) => {
  let compared = 0;
  fc.assert(
    fc.property(randomModels, fc.infiniteStream(fc.nat(99)), (model, dice) => {
      const system = new TransitionSystem({ ...safetySettingOf(model), bounds });
      const [listed, lookedUp] = [new IntList(), new IntList()];
      walk(system, dice, (vector) => {
        system.asyncSteps.look(vector, 0);
        for (const node of system.nodes.keys()) {
          system.inputs(vector, 0, node, listed);
          system.asyncSteps.inputsTo(node, vector[node]!, lookedUp);
          const sorted = (list: IntList) => [...list.items.subarray(0, list.length)].sort((a, b) => a - b);
          t.deepEqual(sorted(lookedUp), sorted(listed));
          compared += listed.length;
        }
      });
    }),
    { seed: 16, numRuns: 8 },
  );
  t.true(compared > 80, `${compared}`);
});
