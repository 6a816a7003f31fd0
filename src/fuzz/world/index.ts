// Chooses the world for the runs of a setting.

import type { TransitionSystem } from "../../model/system.js";
import { AsyncWorld } from "./async-world.js";
import { InboxWorld } from "./inbox-world.js";
import { ModelWorld } from "./model-world.js";
import { TimedWorld } from "./timed/timed-world.js";
import type { RunnableWorld, Witness } from "./world.js";

/** The world for the runs of a setting. */
export function worldOf(system: TransitionSystem, witness: Witness): RunnableWorld {
  if (system.setting.timing) return new TimedWorld(system, witness);
  const hasPuppets = system.nodes.length > system.correctCount;
  const isKnown = system.channels === null && !hasPuppets;
  if (system.channels !== null && !hasPuppets && system.setting.protocol.slowSteps === true)
    return new InboxWorld(system, witness);
  return isKnown ? new AsyncWorld(system, witness) : new ModelWorld(system, witness);
}
