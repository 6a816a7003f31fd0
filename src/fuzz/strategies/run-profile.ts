// A run profile: weights drawn once for each run, for early timers, adversary messages, repeated messages and
// so on. Runs with different weights find more than runs that are all alike ("swarm testing", Groce et al.,
// ISSTA 2012). In half of the runs timers fire only when nothing else can happen; otherwise early timers of
// view 0 would keep most runs from deciding anything.

import type { World } from "../world/world.js";
import { support } from "./support.js";

/** Weights relative to 1 for all deliveries between correct nodes together. */
export interface RunProfile {
  /** 0: only when nothing else can happen. */
  readonly timers: number;
  readonly lies: number;
  /** The fraction of lies that are echo votes (see support.ts). */
  readonly support: number;
  readonly relays: number;
  readonly repeats: number;
  readonly failures: number;
  readonly networkFaults: number;
}

/** Draws a profile. */
export function drawRunProfile({ dice, can }: World): RunProfile {
  return {
    timers: dice.chance(0.5) ? 0 : 2 ** -(1 + dice.below(7)),
    lies: can.lie ? 2 ** -dice.below(5) : 0,
    support: can.lie ? dice.below(4) / 4 : 0,
    relays: can.relay && dice.chance(0.25) ? 2 ** -(2 + dice.below(4)) : 0,
    repeats: dice.chance(0.25) ? 2 ** -(3 + dice.below(4)) : 0,
    failures: can.fail ? 2 ** -(2 + dice.below(5)) : 0,
    networkFaults: can.networkFault ? 2 ** -(2 + dice.below(5)) : 0,
  };
}

/** A side event: what to try besides deliveries; null: none. */
export type SideEvent = "timer" | "lie" | "relay" | "repeat" | "failure" | "network-fault";

/** Draws the side event to try next. */
export function drawSideEvent(profile: RunProfile, world: World): SideEvent | null {
  const timers = profile.timers > 0 && world.timers() > 0 ? profile.timers : 0;
  const { lies, relays, repeats, failures, networkFaults } = profile;
  let point = world.dice.float() * (1 + timers + lies + relays + repeats + failures + networkFaults) - 1;
  if (point < 0) return null;
  point -= timers;
  if (point < 0) return "timer";
  point -= lies;
  if (point < 0) return "lie";
  point -= relays;
  if (point < 0) return "relay";
  point -= repeats;
  if (point < 0) return "repeat";
  point -= failures;
  return point < 0 ? "failure" : "network-fault";
}

/** Tries it; false if it changes nothing. */
export function perform(sideEvent: SideEvent, profile: RunProfile, world: World): boolean {
  switch (sideEvent) {
    case "timer":
      return world.timers() > 0 && world.fire(world.dice.below(world.timers()));
    case "lie":
      return (world.dice.chance(profile.support) && support(world)) || world.lie();
    case "relay":
      return world.relay();
    case "repeat":
      return world.repeat();
    case "failure":
      return world.dice.chance(0.5) ? world.restart() || world.crash() : world.crash() || world.restart();
    case "network-fault":
      return world.networkFault();
  }
}

/** How often the adversary may try to find a message, once nothing else is left. */
const lastAttempts = 32;

/**
 * What every strategy does when nothing is in flight. Ignored or lost messages are delivered again. If there
 * are none, a timer fires. If nothing has to happen any more, the adversary may still send (unless `speaks`
 * is false), or a node that is down restarts. False if none of that changes anything: the run is over.
 */
export function whenIdle(world: World, speaks = true): boolean {
  if (world.settle()) return world.deliver(world.dice.below(world.pending));
  for (let left = world.timers(), first = world.dice.below(left); left > 0; left--)
    if (world.fire((first + left) % world.timers())) return true;
  if (world.isQuiet() && world.violation !== null) return false;
  for (let attempt = 0; attempt < lastAttempts && speaks; attempt++) if (world.lie()) return true;
  return (speaks && world.relay()) || world.restart() || world.networkFault();
}
