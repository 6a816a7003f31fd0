// A search works in turns, between which it hears what else is going on. Where a turn ends must change nothing: also where it ends right after
// the visited set was packed anew, for a successor that did not fit.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { everythingSeen } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";

/** Steps may not ask for the time, so this one was taken before any of them is watched. */
const now = performance.now.bind(performance);
/** Fewer than the successors that are gathered before they are added; with what leads to them, more than a table has room for that is new. */
const kinds = 40;

/** r1 silently becomes one of many kinds, says which, and then says something else. `stepMs`: how long the first step takes. */
const manyKinds = (stepMs: number) =>
  toySetting(
    {
      init: ({ self }) => to(0, self === "r1" ? [{ kind: "set-timer", timer: "begin" }] : []),
      step: (_context, state, input) => {
        if (input.kind !== "timer") return to(state);
        if (input.timer === "say")
          return to(state, [{ kind: "set-timer", timer: "end" }], [seen(`kind ${state}`)]);
        if (input.timer === "end") return to("ended", [], [seen("end")]);
        for (const until = now() + stepMs; now() < until; );
        return Array.from({ length: kinds }, (_, kind) => ({
          ...to(kind, [{ kind: "set-timer", timer: "say" }])[0]!,
          label: `kind ${kind}`,
        }));
      },
    },
    {
      config: { replicas: 4, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [everythingSeen],
    },
  );

test("a search whose first step takes about as long as a turn finds all states", async (t) => {
  for (const stepMs of [0, 40, 60, 80]) {
    const found = await search(manyKinds(stepMs), { reduction: "visible-steps" });
    const { verdict, states, transitions, depth, frontier } = found;
    t.deepEqual(
      { verdict, states, transitions, depth, frontier },
      { verdict: "holds", states: 1 + 2 * kinds, transitions: 2 * kinds, depth: 2, frontier: 0 },
      `${stepMs} ms`,
    );
  }
});
