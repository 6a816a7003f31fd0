// Every delivery that waits is as likely as every other.

import type { RunStart, Strategy } from "../strategy.js";
import { drawAside, drawTemper, perform, whenIdle } from "./temper.js";

export const uniform: Strategy = {
  name: "uniform",
  summary: "delivers what is on its way in a random order",
  begin: ({ world }: RunStart) => {
    const { dice } = world;
    const temper = drawTemper(world);
    return {
      step: () => {
        for (;;) {
          const aside = drawAside(temper, world);
          if (aside !== null && perform(aside, temper, world)) return true;
          const { pending } = world;
          if (pending === 0) return whenIdle(world);
          if (world.deliver(dice.below(pending))) return true;
        }
      },
    };
  },
};
