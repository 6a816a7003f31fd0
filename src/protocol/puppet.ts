// The other family of Byzantine replicas: a puppet runs the real step function, and somebody distorts what it hears and
// says. It needs no list of everything that could be said, so it works at any size and under a clock; it can do less than an
// `Adversary` that puts any message in front of anybody.

import type { Input } from "./behaviour.js";
import type { Config, NodeId } from "./node.js";

/** Where a puppet's choices come from: the run's seed, so that they repeat. */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number;
  /** A whole number, uniform in [0, bound). */
  below(bound: number): number;
}

/** What the one who pulls the strings knows. */
export interface FaultContext {
  /** The replica that is distorted. */
  readonly self: NodeId;
  /** All Byzantine replicas: they share keys. */
  readonly byzantine: readonly NodeId[];
  readonly config: Config;
  /** The base timeout of the protocol's timers, in milliseconds. */
  readonly timeoutMs: number;
  readonly random: Random;
}

/** Something that a puppet says instead of, or besides, what its step function wanted to say. */
export interface Utterance<Message> {
  readonly to: NodeId;
  readonly message: Message;
  /** How much later than the step function wanted, in milliseconds. Default: 0. */
  readonly lateMs?: number;
}

/** One replica's distortion. It may remember things: it is made anew for every run. */
export interface FaultHooks<Message> {
  /** Whether the step function is told of an input. Default: of every one. */
  hears?(input: Input<Message>): boolean;
  /** What is said in place of one message to one receiver; nothing if the list is empty. */
  says(to: NodeId, message: Message): readonly Utterance<Message>[];
}

/**
 * A way to be Byzantine by distortion. A puppet cannot forge: a statement signed by a correct replica that it shows must
 * be one that a Byzantine replica was sent, or that its own step function came by. The simulation refuses others.
 */
export interface Puppet<Message> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  attach(strings: FaultContext): FaultHooks<Message>;
}
