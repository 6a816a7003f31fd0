// A counterexample is a list of described actions that anybody can perform again.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { replay } from "../support/replay.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { neverAfter, neverBoth } from "../support/toy-properties.js";

const quorumOf2f = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
const forgetful = pbftSetting("silent", "r3", {
  protocol: pbftMutant("view-change-forgets"),
  bounds: { views: 1 },
});

test("the plain search finds the shortest counterexample to a quorum of 2f: 4 actions", async (t) => {
  const { counterexample } = await search(quorumOf2f, { reduction: "none" });
  t.is(counterexample?.property, "agreement");
  t.deepEqual(replay(quorumOf2f, counterexample!), [null, null, null, null, "agreement"]);
});

test("the plain search finds the shortest counterexample to forgetful view changes: 22 actions", async (t) => {
  const { counterexample } = await search(forgetful, { reduction: "none" });
  t.deepEqual(replay(forgetful, counterexample!), [...new Array(22).fill(null), "agreement"]);
});

test("a counterexample of visible steps is expanded to single actions that can be performed one by one", async (t) => {
  const { counterexample } = await search(forgetful, { reduction: "visible-steps" });
  t.deepEqual(replay(forgetful, counterexample!), [...new Array(22).fill(null), "agreement"]);
});

for (const reduction of ["none", "visible-steps"] as const) {
  test(`a step that changes nothing but the observation is part of the counterexample (${reduction})`, async (t) => {
    const setting = toySetting(
      {
        init: () => to(0, [{ kind: "set-timer", timer: "go" }]),
        step: ({ self }, state, input) =>
          input.kind === "timer" ? to(state, [{ kind: "set-timer", timer: "go" }], [seen(self)]) : to(state),
      },
      { properties: [neverBoth("r0", "r1")] },
    );
    const { counterexample } = await search(setting, { reduction });
    t.deepEqual(replay(setting, counterexample!), [null, null, "never-both"]);
  });

  test(`a step that changes only the observation is not mistaken for one with the same event (${reduction})`, async (t) => {
    // r0: `ready`, then `end`, unless it quits first, which shows x. r1 shows x for ever. Only r1's x leaves r0 its end.
    const timers = ["quit", "ready", "end"];
    const setting = toySetting(
      {
        init: ({ self }) =>
          to(
            "idle",
            (self === "r0" ? timers : ["again"]).map((timer) => ({ kind: "set-timer", timer })),
          ),
        step: (_context, state, input) => {
          if (input.kind !== "timer") return to(state);
          if (input.timer === "again") return to(state, [{ kind: "set-timer", timer: "again" }], [seen("x")]);
          if (input.timer === "quit") return to("gone", [], [seen("x")]);
          if (input.timer === "ready" && state === "idle") return to("ready");
          return input.timer === "end" && state === "ready" ? to("done", [], [seen("end")]) : to(state);
        },
      },
      { properties: [neverAfter("x", "end")] },
    );
    const { counterexample } = await search(setting, { reduction });
    t.deepEqual(replay(setting, counterexample!), [null, null, null, "never-after"]);
  });
}
