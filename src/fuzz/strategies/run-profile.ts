// What a run is like as a whole, drawn once when it begins: how patient timers are, how busy the adversary is, whether messages
// come twice. Runs that differ in such things find more than runs that are all alike ("swarm testing", Groce et al., ISSTA
// 2012). In half of the runs timers are patient: they fire only when nothing else can happen. Else a timer of view 0 that goes off
// early would keep most runs from deciding anything.

import type { World } from "../world/world.js";
import { support } from "./support.js";

/** How likely what is, besides deliveries between correct nodes, which have weight 1 all together. */
export interface RunProfile {
  /** 0: only when nothing else can happen. */
  readonly timers: number;
  readonly lies: number;
  /** How many of the lies are support for what correct nodes say. */
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

/** Which of the things besides deliveries is tried now; null: none. */
export type SideEvent = "timer" | "lie" | "relay" | "repeat" | "failure" | "network-fault";

/** Draws what to try next. */
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

/** How often the adversary may try to find something to say, once nothing else is left. */
const lastWords = 32;

/**
 * What every strategy does when nothing is on its way: what was ignored or lost comes again; if there is no such thing, a timer
 * fires; and where nothing has to happen any more, the adversary may still speak (unless `speaks` is false), or a node that is
 * down come back. False if none of that changes anything: the run is over.
 */
export function whenIdle(world: World, speaks = true): boolean {
  if (world.settle()) return world.deliver(world.dice.below(world.pending));
  for (let left = world.timers(), first = world.dice.below(left); left > 0; left--)
    if (world.fire((first + left) % world.timers())) return true;
  if (world.isQuiet() && world.violation !== null) return false;
  for (let attempt = 0; attempt < lastWords && speaks; attempt++) if (world.lie()) return true;
  return (speaks && world.relay()) || world.restart() || world.networkFault();
}
