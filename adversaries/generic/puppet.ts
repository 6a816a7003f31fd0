// The common part of adversaries that only run the protocol's step function with faults, and make up no
// messages.

import type { Adversary, StepFaults } from "../../src/protocol/index.js";

/** An adversary that is a correct replica with step faults, and nothing else. */
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
