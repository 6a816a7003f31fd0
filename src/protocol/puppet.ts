// Puppets: Byzantine replicas in simulations. A puppet runs the real step function, and fault hooks change
// what it receives and sends. It needs no list of everything that could be sent, so it works at any size and
// under a clock. It can do less than an `Adversary`, which sends any message to anybody.

import type { Input } from "./behaviour.js";
import type { Config, NodeId } from "./node.js";

/** The run's random numbers, drawn from its seed so that a run can be repeated. */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number;
  /** An integer, uniform in [0, bound). */
  below(bound: number): number;
}

/** What a puppet's fault hooks know. */
export interface FaultContext {
  /** The replica that is at fault. */
  readonly self: NodeId;
  /** All Byzantine replicas: they share keys. */
  readonly byzantine: readonly NodeId[];
  readonly config: Config;
  /** The base timeout of the protocol's timers, in milliseconds. */
  readonly timeoutMs: number;
  readonly random: Random;
}

/** A message that a puppet sends instead of, or besides, one of its step function. */
export interface Utterance<Message> {
  readonly to: NodeId;
  readonly message: Message;
  /** How much later than the step function sends, in milliseconds. Default: 0. */
  readonly lateMs?: number;
}

/** The faults of one replica. May keep state: it is created anew for every run. */
export interface FaultHooks<Message> {
  /** Whether the step function receives this input. Default: every input. */
  hears?(input: Input<Message>): boolean;
  /** What is sent to one receiver in place of one message; nothing if the list is empty. */
  says(to: NodeId, message: Message): readonly Utterance<Message>[];
}

/**
 * A kind of Byzantine replica for simulations. A puppet cannot forge: a statement signed by a correct replica
 * that it sends must have been sent to a Byzantine replica, or been received by its own step function. The
 * simulation refuses others.
 */
export interface Puppet<Message> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /** Whether it says anything that its step function would not. Default: yes. One that does not is as good as crashed. */
  readonly lies?: boolean;
  /** The hooks for one replica of one run. */
  attach(strings: FaultContext): FaultHooks<Message>;
}
