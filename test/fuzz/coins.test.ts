// Random outcomes are chance's to draw: whatever a strategy prefers, and on every network, the sides of a coin fall about equally often,
// and the same again for the same seed.

import test from "ava";
import { BlockCorpus } from "../../src/fuzz/corpus.js";
import { Runner } from "../../src/fuzz/run.js";
import { strategies } from "../../src/fuzz/strategies/index.js";
import type { Strategy } from "../../src/fuzz/strategy.js";
import { choiceOf } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import type { Effect, Json, Outcomes } from "../../src/protocol/index.js";
import { toySetting } from "../support/toy.js";

const sides = ["heads", "tails"];
const tosses = 12;
const toNext = (self: string): Effect<Json> => ({
  kind: "send",
  to: self === "r0" ? "r1" : "r0",
  message: "toss",
});

/** Two nodes that toss a coin whenever a timer fires, and whenever the other one asks for it, a dozen times each. */
const setting = (network: string): Setting =>
  toySetting(
    {
      init: ({ self }) => [
        { state: [0, 0], effects: [{ kind: "set-timer", timer: "toss" }, toNext(self)], events: [] },
      ],
      step: ({ self }, state, input): Outcomes<Json, Json> => {
        const [tossed, heads] = state as [number, number];
        if (tossed >= tosses) return [{ state, effects: [], events: [] }];
        const again: Effect<Json> =
          input.kind === "timer" ? { kind: "set-timer", timer: "toss" } : toNext(self);
        return sides.map((label, index) => ({
          ...{ label, random: true, effects: [again], events: [] },
          state: [tossed + 1, heads + (index === 0 ? 1 : 0)],
        }));
      },
    },
    { network },
  );

/** The sides as they have fallen in some runs, by timers and by messages. */
function fallen(network: string, strategy: Strategy, campaign: number): { timer: string; deliver: string } {
  const nobody = { began: () => {}, happened: () => {} };
  const runner = new Runner(new TransitionSystem(setting(network)), nobody, campaign, 40);
  const corpus = new BlockCorpus(1);
  const found = { timer: "", deliver: "" };
  for (let run = 0; run < 60; run++) {
    runner.run(strategy, run, corpus);
    for (const action of runner.world.actions())
      if (action.kind === "timer" || action.kind === "deliver")
        found[action.kind] += choiceOf(action)?.[0] ?? "";
  }
  return found;
}

for (const network of ["async", "once", "lossy:1"])
  for (const strategy of strategies)
    test(`${network}, ${strategy.name}: a coin is fair`, (t) => {
      const found = fallen(network, strategy, 7);
      for (const sequence of [found.timer + found.deliver, found.timer, found.deliver]) {
        const share = sequence.replaceAll("t", "").length / sequence.length;
        if (sequence.length >= 100) t.true(share > 0.35 && share < 0.65, `${share} of ${sequence.length}`);
      }
      t.true(found.timer.length + found.deliver.length >= 400);
      t.deepEqual(fallen(network, strategy, 7), found);
    });
