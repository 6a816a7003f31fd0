// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010). Every thread
// has a random priority, and the highest one that can run does. At d-1 random moments the priority of the
// thread about to run drops below all others. A bug that needs d events in one order is hit with probability
// at least 1/(n k^(d-1)).
//
// Threads are here the links (sender and receiver; on each, the oldest delivery is next), the timers of each
// node, and the adversary's messages to each node. Timers and adversary begin below all links. A timer fires
// early, or the adversary sends early, because a change point lifts it above the others for one event. (The
// paper treats all threads alike; with timers among the others nearly every run would be about view changes.)
//
// Strict priorities may starve a node for ever. So the last quarter of a run is fair: the oldest delivery
// comes first.

import { mixed } from "../dice.js";
import type { RunStart, Scheduler, Strategy } from "../strategy.js";
import type { World } from "../world/world.js";
import { drawRunProfile, drawSideEvent, perform, whenIdle } from "./run-profile.js";

/** The smallest estimate of a run's number of events, in which change points lie. */
const shortestHorizon = 32;

/** PCT with bug depths from 1 to `depthMax`, drawn for each run. */
export function pct(depthMax = 5): Strategy {
  return {
    name: "pct",
    summary: `strict random priorities of links, with up to ${depthMax - 1} changes; fair at the end`,
    begin: (start) => new PriorityScheduler(start, 1 + start.world.dice.below(depthMax)),
  };
}

class PriorityScheduler implements Scheduler {
  readonly #world: World;
  readonly #salt: number;
  /** The numbers of events at which a priority changes; descending. */
  readonly #changes: number[];
  /** The changed priorities of threads: below 0, and lower the later they changed. */
  readonly #lowered = new Map<number, number>();
  readonly #fairFrom: number;
  readonly #profile;

  constructor({ world, maxActions }: RunStart, depth: number) {
    const { dice } = world;
    this.#world = world;
    this.#salt = dice.below(0x7fffffff);
    // The length of a run is not known beforehand: its order of magnitude is drawn.
    const horizon = Math.min(maxActions, shortestHorizon * 2 ** dice.below(4));
    this.#changes = Array.from({ length: depth - 1 }, () => dice.below(horizon)).sort((a, b) => b - a);
    this.#fairFrom = Math.floor(maxActions * 0.75);
    this.#profile = drawRunProfile(world);
  }

  step(): boolean {
    const world = this.#world;
    for (;;) {
      if (this.#changes.length > 0 && world.events >= this.#changes.at(-1)!) {
        this.#changes.pop();
        if (this.#change()) return true;
      }
      const sideEvent = drawSideEvent({ ...this.#profile, timers: 0 }, world);
      if (sideEvent !== null && perform(sideEvent, this.#profile, world)) return true;
      if (world.pending === 0) return whenIdle(world);
      if (world.deliver(this.#first())) return true;
    }
  }

  /**
   * Lowers the link that would run next, or lets a timer or the adversary run at once; true if something
   * happened.
   */
  #change(): boolean {
    const world = this.#world;
    const { dice } = world;
    if (dice.chance(0.5)) {
      if (world.timers() > 0 && dice.chance(0.5)) return world.fire(dice.below(world.timers()));
      return world.lie();
    }
    if (world.pending > 0) {
      const place = this.#first();
      this.#lowered.set(this.#link(place), -1 - this.#lowered.size);
    }
    return false;
  }

  #link(place: number): number {
    return this.#world.from(place) * 64 + this.#world.to(place);
  }

  /** The oldest delivery of the link with the highest priority; at the end, the oldest of all. */
  #first(): number {
    const world = this.#world;
    const isFair = world.events >= this.#fairFrom;
    let best = 0;
    let bestPriority = Number.NEGATIVE_INFINITY;
    let oldest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < world.pending; place++) {
      const link = this.#link(place);
      const priority = isFair ? 0 : (this.#lowered.get(link) ?? mixed(this.#salt, link) >>> 0);
      const sent = world.sent(place);
      if (priority < bestPriority || (priority === bestPriority && sent > oldest)) continue;
      best = place;
      bestPriority = priority;
      oldest = sent;
    }
    return best;
  }
}
