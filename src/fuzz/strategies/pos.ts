// Partial-order sampling (Yuan, Yang, Gu, CAV 2018): every event that becomes possible gets a random
// priority, the highest happens next, and events that race with it get new ones. Orders of independent events
// are not distinguished, so the partial orders of a run are sampled more evenly than by a uniform walk.
//
// Two events race if they are at the same node. So an event's priority is a hash of its content and of how
// often its node has changed: it changes exactly when a racing event has happened. Timers and the adversary
// are drawn as in a uniform walk.

import { mixed } from "../dice.js";
import type { RunStart, Strategy } from "../strategy.js";
import { drawRunProfile, drawSideEvent, perform, whenIdle } from "./run-profile.js";

export const pos: Strategy = {
  name: "pos",
  summary:
    "random priorities of deliveries, drawn anew when their receiver has changed (partial-order sampling)",
  begin: ({ world }: RunStart) => {
    const { dice } = world;
    const profile = drawRunProfile(world);
    const salt = dice.below(0x7fffffff);

    function first(): number {
      let best = 0;
      let highest = -1;
      for (let place = 0; place < world.pending; place++) {
        const to = world.to(place);
        const priority = mixed(mixed(salt, world.key(place) ^ to), world.version(to)) >>> 0;
        if (priority <= highest) continue;
        best = place;
        highest = priority;
      }
      return best;
    }

    return {
      step: () => {
        for (;;) {
          const sideEvent = drawSideEvent(profile, world);
          if (sideEvent !== null && perform(sideEvent, profile, world)) return true;
          if (world.pending === 0) return whenIdle(world);
          if (world.deliver(first())) return true;
        }
      },
    };
  },
};
