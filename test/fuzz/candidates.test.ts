import test from "ava";
import { Candidates } from "../../src/fuzz/candidates.js";
import { Successors } from "../../src/model/successors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { pbftSetting } from "../support/settings.js";

const setting = pbftSetting("lying-voter", "r3", { bounds: { views: 1 } });

/** The kinds of transitions out of a walk's state, in the order of the candidates: node and new local state. */
function arranged(walk: Walk): string[] {
  const { system, vector } = walk;
  const candidates = new Candidates(system);
  candidates.arrange(walk.successors(), vector[system.width - 1]!);
  return Array.from({ length: candidates.length }, (_, position) => {
    const index = candidates.index(position);
    const node = walk.successors().node(index);
    return JSON.stringify([node, system.nodes[node]!.local(walk.successors().component(index))]);
  });
}

test("every transition has exactly one position", (t) => {
  const system = new TransitionSystem(setting);
  const candidates = new Candidates(system);
  const successors = new Successors();
  for (const { vector } of system.initial()) {
    system.successors(vector, 0, successors);
    candidates.arrange(successors, vector[system.width - 1]!);
    const indices = Array.from({ length: candidates.length }, (_, position) => candidates.index(position));
    t.deepEqual(
      indices.toSorted((a, b) => a - b),
      Array.from({ length: successors.length }, (_, index) => index),
    );
  }
});

test("the order does not depend on what the system has seen before", (t) => {
  const used = new TransitionSystem(setting);
  // Meet the messages of some run in another order first.
  const earlier = new Walk(used, used.initial()[1]!);
  for (let step = 0; step < 12; step++) earlier.take((step * 7 + 3) % earlier.successors().length);
  const fresh = new TransitionSystem(setting);
  const [one, other] = [new Walk(used, used.initial()[0]!), new Walk(fresh, fresh.initial()[0]!)];
  for (let step = 0; step < 12; step++) {
    const order = arranged(one);
    t.deepEqual(order, arranged(other));
    const position = (step * 5) % order.length;
    for (const walk of [one, other]) {
      const candidates = new Candidates(walk.system);
      candidates.arrange(walk.successors(), walk.vector[walk.system.width - 1]!);
      walk.take(candidates.index(position));
    }
  }
});
