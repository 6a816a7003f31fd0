// What the adversaries that merely run the protocol's own steps have in common: they make up no message themselves.

import type { Adversary, StepFaults } from "../../src/protocol/index.js";

/** An adversary that is a distorted correct replica, and nothing else. */
export function puppet(name: string, summary: string, stepFaults: StepFaults<unknown>): Adversary<unknown> {
  return {
    name,
    summary,
    strength: 1,
    forwards: false,
    speaks: true,
    canMove: () => true,
    observes: () => false,
    moves: () => [],
    stepFaults,
  };
}
