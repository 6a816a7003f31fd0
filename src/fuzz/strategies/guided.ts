// Coverage-guided: keeps the beginnings of runs that lead to new situations (see corpus.ts), and makes later
// runs of them. Such a run repeats a beginning, perhaps with a few events left out or moved, or with the end
// of another one appended, and continues at random. (The idea of AFL; for schedules, "Greybox Fuzzing of
// Distributed Systems", Meng et al., CCS 2023.)

import type { Kept, RunStart, Scheduler, Strategy } from "../strategy.js";
import { traceStride } from "../world/run-record.js";
import { uniform } from "./uniform.js";

/** The fraction of runs that begin at an initial state instead. */
const freshStarts = 0.25;

export const guided: Strategy = {
  name: "guided",
  summary: "mutates and splices runs that came to something new",
  buildsOnOthers: true,
  begin: (start: RunStart): Scheduler => {
    const { world, run, corpus } = start;
    const isFresh = world.dice.chance(freshStarts);
    const parents = isFresh ? [] : corpus.parents(run, world.dice.chance(0.3) ? 2 : 1);
    if (parents[0]) world.beginAt(parents[0].initial);
    const script = parents.length === 0 ? [] : scriptFrom(parents, start);
    const rest = uniform.begin(start);
    let next = 0;
    return {
      step: () => {
        while (next < script.length) {
          const { trace, at } = script[next++]!;
          if (world.repeatEvent(trace, at)) return true;
        }
        return rest.step();
      },
    };
  },
};

interface Line {
  readonly trace: Int32Array;
  readonly at: number;
}

/** The events to repeat. */
function scriptFrom([first, second]: readonly Kept[], { world: { dice } }: RunStart): Line[] {
  let script = linesOf(first!);
  if (second) {
    const tail = linesOf(second);
    script = [...script, ...tail.slice(dice.below(tail.length + 1))];
  }
  const changes = dice.chance(0.5) ? 0 : 1 + dice.below(3);
  for (let change = 0; change < changes && script.length > 0; change++) {
    const [moved] = script.splice(dice.below(script.length), 1);
    if (dice.chance(0.5)) script.splice(dice.below(script.length + 1), 0, moved!);
  }
  return script;
}

function linesOf({ trace }: Kept): Line[] {
  return Array.from({ length: trace.length / traceStride }, (_, index) => ({
    trace,
    at: index * traceStride,
  }));
}
