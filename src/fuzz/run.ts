// One run: a strategy chooses actions in a world until a property is violated, no action is left (in timed
// runs: every client is served, or cannot be in time), or the limit of actions is reached.

import { isFault } from "../model/errors.js";
import { addRun } from "../model/fault-path.js";
import type { TransitionSystem } from "../model/system.js";
import { Dice, seedOfRun } from "./dice.js";
import type { Corpus, Strategy } from "./strategy.js";
import { worldOf } from "./world/index.js";
import type { RunnableWorld, Witness } from "./world/world.js";

/** Makes runs in one transition system, one after the other. */
export class Runner {
  readonly world: RunnableWorld;
  readonly #system: TransitionSystem;
  readonly #campaign: number;
  readonly #maxActions: number;

  /** `campaign` is the seed of the campaign. */
  constructor(system: TransitionSystem, witness: Witness, campaign: number, maxActions: number) {
    this.#system = system;
    this.#campaign = campaign;
    this.#maxActions = maxActions;
    try {
      this.world = worldOf(system, witness);
    } catch (error) {
      if (isFault(error)) error.run ??= { start: {}, actions: [] };
      throw error;
    }
  }

  /**
   * Makes the run with this number, of another campaign if its seed is given. The world keeps the run's end
   * until the next one begins.
   */
  run(strategy: Strategy, run: number, corpus: Corpus, campaign = this.#campaign): void {
    const { world } = this;
    const maxActions = this.#maxActions;
    world.begin(new Dice(seedOfRun(campaign, run)));
    const { setting } = this.#system;
    const scheduler = strategy.begin({ setting, world, run, ordinal: run, campaign, maxActions, corpus });
    while (world.violation === null && !world.end && world.events < maxActions) if (!scheduler.step()) break;
  }

  /** An error in user code during the current run, with the events that led to it. */
  blamed(error: unknown, origin: string): unknown {
    if (!isFault(error) || error.run !== null) return error;
    const { start, vector } = this.world;
    addRun(error, this.#system, vector, { start, actions: this.world.actions() });
    error.origin = origin;
    return error;
  }
}
