// The simulated network: when a sent message arrives, how often, or not at all. A dropped message is lost for
// good only if no global stabilization time follows; otherwise it arrives after it, since protocols do not
// retransmit what links must deliver.

import type { Micros } from "../model/timed/timing.js";
import type { Random } from "../protocol/index.js";
import { DownTimes } from "./crash.js";
import { likelyMaxMs, samplerOf, steady } from "./delay.js";
import type { Partition } from "./partition.js";
import { purpose, randomFor } from "./random.js";
import type { Parameters, Simulation } from "./setting.js";

const micros = (ms: number) => Math.round(ms * 1000);

/**
 * When the copies of a message arrive (infinite: the node is down, and stays so); with limited bandwidth also how long it waits until its sender's
 * earlier messages have left.
 */
export interface Network {
  readonly arrivals: (from: number, to: number, now: Micros, bytes: number) => readonly Micros[];
  /** The longest wait so far. */
  readonly longestWait: () => Micros;
  /** From now on chance has no part in it: over a link every message takes the same time, and comes once. False: it had none. */
  readonly becomeSteady: () => boolean;
}

/** The network of a run. Nodes are numbered among all nodes. */
export function networkOf({ parameters, nodes }: Simulation): Network {
  const place = placesOf(nodes.map(({ role }) => role));
  const chance = new Chance(parameters);
  const gst = parameters.gstMs === null ? null : micros(parameters.gstMs);
  const ids = nodes.map(({ id }) => id);
  const healed = healing(parameters.partitions, ids);
  const leaves = departures(parameters, nodes.length);
  const inOrder = parameters.fifo ? ordering(nodes.length) : null;
  const there = presence(parameters, ids);
  const one: Micros[] = [0]; // reused: most messages arrive exactly once

  let longestWait: Micros = 0;

  const arrivals: Network["arrivals"] = (from, to, sent, bytes) => {
    const now = leaves(from, sent, bytes);
    longestWait = Math.max(longestWait, now - sent);
    const lost = (gst === null || now < gst) && chance.drops();
    if (lost && gst === null) return [];
    // Links retransmit, as TCP does: the message arrives once it can.
    const base = healed(from, to, lost ? gst! : now);
    one[0] = arrival(from, to, base);
    if (chance.duplicates()) return [one[0], arrival(from, to, base)];
    return one;
  };
  return { arrivals, longestWait: () => longestWait, becomeSteady: () => chance.end() };

  /** A message that leaves at `base` arrives when it has come over the link, and the node is there. */
  function arrival(from: number, to: number, base: Micros): Micros {
    const over = base + chance.flight(place[from]!, place[to]!);
    return there(to, inOrder === null ? over : inOrder(from, to, over));
  }
}

/** What is left to chance: how long messages take, and whether they are lost or come twice. */
class Chance {
  readonly #parameters: Parameters;
  readonly #luck: Random;
  #drop: number;
  #duplicate: number;
  #reorder: number;
  #delay: (from: number, to: number) => Micros;

  constructor(parameters: Parameters) {
    const { seed, drop, duplicate, reorder } = parameters;
    this.#parameters = parameters;
    this.#luck = randomFor(seed, purpose.loss);
    this.#delay = samplerOf(parameters.delay, randomFor(seed, purpose.delay));
    [this.#drop, this.#duplicate, this.#reorder] = [drop, duplicate, reorder];
  }

  drops(): boolean {
    return this.#drop > 0 && this.#luck.float() < this.#drop;
  }

  duplicates(): boolean {
    return this.#duplicate > 0 && this.#luck.float() < this.#duplicate;
  }

  flight(from: number, to: number): Micros {
    const time = this.#delay(from, to);
    if (this.#reorder === 0 || this.#luck.float() >= this.#reorder) return time;
    return time + Math.round(this.#luck.float() * micros(this.#parameters.reorderMs));
  }

  /** Leaves nothing to chance any more; false: nothing was. */
  end(): boolean {
    const { seed, delay } = this.#parameters;
    const fixed = steady(delay);
    const had = fixed !== delay || this.#drop > 0 || this.#duplicate > 0 || this.#reorder > 0;
    this.#delay = samplerOf(fixed, randomFor(seed, purpose.delay));
    [this.#drop, this.#duplicate, this.#reorder] = [0, 0, 0];
    return had;
  }
}

/** The number of each node within its role, which determines its region. */
function placesOf(roles: readonly string[]): readonly number[] {
  const seen: { [role: string]: number } = {};
  return roles.map((role) => {
    const number = seen[role] ?? 0;
    seen[role] = number + 1;
    return number;
  });
}

/** When a message sent at some time can leave: at once, or when no partition separates its ends any more. */
function healing(
  partitions: readonly Partition[],
  ids: readonly string[],
): (from: number, to: number, at: Micros) => Micros {
  const sides = partitions
    .map(({ fromMs, toMs, groups }) => ({
      start: micros(fromMs),
      end: micros(toMs),
      group: ids.map((id) => groups.findIndex((group) => group.includes(id))),
    }))
    .sort((a, b) => a.start - b.start);
  return (from, to, at) => {
    let time = at;
    for (const { start, end, group } of sides) {
      const [here, there] = [group[from]!, group[to]!];
      if (time >= start && time < end && here !== there && here >= 0 && there >= 0) time = end;
    }
    return time;
  };
}

/** When a message that comes at some time finds its receiver: at once, or when it is back. */
function presence({ crashes }: Parameters, ids: readonly string[]): (to: number, at: Micros) => Micros {
  if (crashes.length === 0) return (_to, at) => at;
  const down = new DownTimes(crashes, ids);
  return (to, at) => down.reaches(to, at);
}

/** Over each link nothing arrives before what was sent earlier. (The queue keeps the order of what arrives at one time.) */
function ordering(count: number): (from: number, to: number, at: Micros) => Micros {
  const last = new Float64Array(count * count);
  return (from, to, at) => {
    const link = from * count + to;
    last[link] = Math.max(last[link]!, at);
    return last[link];
  };
}

/** With limited bandwidth the messages of a node leave one after another. */
function departures({ bandwidthMbps }: Parameters, count: number) {
  if (bandwidthMbps === null) return (_from: number, now: Micros, _bytes: number) => now;
  const free = new Float64Array(count);
  return (from: number, now: Micros, bytes: number) => {
    // bits / (10^6 bits/s) = microseconds
    free[from] = Math.round(Math.max(free[from]!, now) + (bytes * 8) / bandwidthMbps);
    return free[from]!;
  };
}

/** The largest likely time of a message in flight, in milliseconds. */
export function likelyFlightMs({ delay, reorder, reorderMs }: Parameters): number {
  return likelyMaxMs(delay) + (reorder > 0 ? reorderMs : 0);
}
