// When did a violation become unavoidable? With the first state of the run from which every fair continuation violates the property.
//
// A state is doomed if no continuation avoids the violation. For an `always` property one avoids it that comes to rest unviolated: to a
// state in which nothing is left that must happen. For an `eventually` property: one that reaches the goal. All that can happen counts as a
// continuation, the adversary's moves among it, but nothing obliges the adversary. If a state is doomed, so are all after it; so it is
// enough to go back from the end as long as states are doomed. A state is called doomed only if all that can be reached from it was
// looked at, and nothing in it goes round (a fair run may go round for ever without a violation).

import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { grouped } from "../parameters/words.js";
import type { StoryUnavoidable } from "./story.js";

/** `states`: those of the run, from its start to the violation. `maxStates`: how many are looked at for each of them. */
export function unavoidableOn(
  system: TransitionSystem,
  states: readonly Int32Array[],
  property: string,
  maxStates: number,
): StoryUnavoidable {
  const index = system.observations.properties.findIndex(({ name }) => name === property);
  let doomed = states.length - 1;
  for (; doomed > 0; doomed--) {
    const fate = fateOf(system, states[doomed - 1]!, index, maxStates);
    if (fate === "avoidable") {
      const text =
        doomed === states.length - 1
          ? `Up to the last action ${property} could still have been kept: step ${doomed} decides it.`
          : `From step ${doomed} on every fair continuation violates ${property}; before it, one can still keep it.`;
      return { from: doomed, text };
    }
    if (fate === "unknown")
      return {
        from: null,
        text: `From step ${doomed} on every fair continuation violates ${property}; whether that was so earlier could not be decided by looking at ${grouped(maxStates)} states.`,
      };
  }
  return { from: 0, text: `Every fair run from this start violates ${property}.` };
}

type Fate = "avoidable" | "doomed" | "unknown";

/** Depth first, what must happen before what may: runs that come to rest are found quickly. */
function fateOf(system: TransitionSystem, from: Int32Array, property: number, maxStates: number): Fate {
  const { observations, liveness } = system;
  const isAlways = observations.properties[property]!.kind === "always";
  const isLost = (vector: Int32Array) =>
    isAlways && observations.allViolated(vector.at(-1)!).includes(property);
  const isKept = (vector: Int32Array, obligatory: number) =>
    isAlways ? obligatory === 0 : !liveness.pending(vector, 0).includes(property);
  const numbers = new Map<string, number>();
  const edges: number[][] = [];
  const out = new Successors();
  const stack = [from];
  numbers.set(from.join(), 0);
  for (let vector = stack.pop(); vector; vector = stack.pop()) {
    const number = numbers.get(vector.join())!;
    edges[number] = [];
    if (isLost(vector)) continue;
    system.successors(vector, 0, out);
    if (isKept(vector, out.obligatory)) return "avoidable";
    for (let index = 0; index < out.length; index++) {
      const next = vector.slice();
      out.writeTo(index, next);
      const key = next.join();
      const known = numbers.get(key);
      const target = known ?? numbers.size;
      edges[number]!.push(target);
      if (known !== undefined) continue;
      numbers.set(key, target);
      if (numbers.size > maxStates) return "unknown";
      stack.push(next);
    }
  }
  return goesRound(edges) ? "unknown" : "doomed";
}

/** Whether a graph has a cycle: nodes without predecessors are taken away until none is left. */
function goesRound(edges: readonly (readonly number[])[]): boolean {
  const incoming = new Array<number>(edges.length).fill(0);
  for (const targets of edges) for (const target of targets) incoming[target]!++;
  const free = incoming.flatMap((count, node) => (count === 0 ? node : []));
  let removed = 0;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    removed++;
    for (const target of edges[node]!) if (--incoming[target]! === 0) free.push(target);
  }
  return removed < edges.length;
}
