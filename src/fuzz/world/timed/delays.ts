// The delays of messages in a run: drawn once for the run, like a run profile, because runs of different
// kinds find more than runs that are all alike. Before GST any arrival up to GST + Delta is possible; after
// it, any delay up to Delta. Extremes matter most: if all messages take exactly Delta a protocol is as slow
// as it can be, and if some take no time replicas diverge.

import type { Micros, TimingMicros } from "../../../model/timed/timing.js";
import type { Dice } from "../../dice.js";

/** The kinds of delay once the network is synchronous. */
const paces = ["any", "latest", "either", "by link", "by receiver", "soon", "in steps"] as const;
/** The kinds of delay of messages that are sent before. */
const troubles = ["none", "any", "held", "some held", "by link", "one cut off", "in two halves"] as const;

/** The delays of a run. */
export class Delays {
  readonly #timing: TimingMicros;
  readonly #dice: Dice;
  readonly #pace: (typeof paces)[number];
  readonly #trouble: (typeof troubles)[number];
  /** Bits that decide which links are slow, and which side a node is on. */
  readonly #mask: number;
  readonly #nodes: number;

  constructor(dice: Dice, timing: TimingMicros, nodes: number) {
    this.#dice = dice;
    this.#timing = timing;
    this.#nodes = nodes;
    this.#pace = dice.pick(paces);
    this.#trouble = dice.pick(troubles);
    this.#mask = dice.below(2 ** 31);
  }

  /** The arrival of a message that is sent, or sent again, now. */
  arrival(from: number, to: number, now: Micros): Micros {
    const { gst, delta } = this.#timing;
    const synchronous = now + this.#delay(from, to);
    if (now >= gst || this.#isSpared(from, to)) return Math.min(synchronous, Math.max(now, gst) + delta);
    if (this.#trouble === "any") return now + this.#dice.below(gst + delta - now + 1);
    return gst + this.#delay(from, to);
  }

  /** Whether a message is on time although it is sent before GST. */
  #isSpared(from: number, to: number): boolean {
    switch (this.#trouble) {
      case "none":
        return true;
      case "any":
      case "held":
        return false;
      case "some held":
        return this.#dice.chance(0.7);
      case "by link":
        return this.#isMarked(from * this.#nodes + to);
      case "one cut off":
        return [from, to].every((node) => node !== this.#mask % this.#nodes);
      case "in two halves":
        return this.#isMarked(from) === this.#isMarked(to);
    }
  }

  #delay(from: number, to: number): Micros {
    const { delta } = this.#timing;
    switch (this.#pace) {
      case "any":
        return this.#dice.below(delta + 1);
      case "latest":
        return delta;
      case "either":
        return this.#dice.chance(0.5) ? delta : 0;
      case "by link":
        return this.#isMarked(from * this.#nodes + to) ? delta : 0;
      case "by receiver":
        return this.#isMarked(to) ? delta : 0;
      case "soon":
        return this.#dice.below(Math.floor(delta / 10) + 1);
      case "in steps":
        return Math.floor((delta * (1 + this.#dice.below(4))) / 4);
    }
  }

  #isMarked(what: number): boolean {
    const place = (((what % 31) + 31) % 31) >>> 0;
    return ((this.#mask >>> place) & 1) === 1;
  }
}
