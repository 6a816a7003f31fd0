// The uniform strategy: every pending delivery is equally likely.

import type { RunStart, Strategy } from "../strategy.js";
import { drawRunProfile, drawSideEvent, perform, whenIdle } from "./run-profile.js";

export const uniform: Strategy = {
  name: "uniform",
  summary: "delivers what is on its way in a random order",
  begin: ({ world }: RunStart) => {
    const { dice } = world;
    const profile = drawRunProfile(world);
    return {
      step: () => {
        for (;;) {
          const sideEvent = drawSideEvent(profile, world);
          if (sideEvent !== null && perform(sideEvent, profile, world)) return true;
          const { pending } = world;
          if (pending === 0) return whenIdle(world);
          if (world.deliver(dice.below(pending))) return true;
        }
      },
    };
  },
};
