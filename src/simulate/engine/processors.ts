// The processors of the replicas: a busy one handles a message when its turn comes, and signs before it sends. Each replica has its own, or all
// share a number of them.

import type { Micros } from "../../model/timed/timing.js";
import type { Json } from "../../protocol/index.js";
import { signaturesIn, sizeOf } from "../message-size.js";
import type { Simulation } from "../setting.js";

/** The processors of a run. */
export class Processors {
  /** How long one message takes, cryptography aside. */
  readonly #processing: Micros;
  readonly #crypto: { readonly sign: Micros; readonly verify: Micros; readonly hash: Micros } | null;
  /** What it takes to verify each message: a broadcast is one message to many. */
  readonly #verifying = new WeakMap<object, Micros>();
  /** What has been signed once is not signed again. */
  readonly #signed = new WeakSet<object>();
  readonly #isReplica: readonly boolean[];
  readonly #freeAt: Micros[];
  readonly #areShared: boolean;
  /** By node: when it will have handled the last message that has reached it, or crashes before that. */
  readonly #handledAt: Micros[];
  /** The longest wait for a processor so far. */
  longestWait: Micros = 0;
  /** The processor time that all replicas used. */
  busy: Micros = 0;

  constructor({ parameters, nodes }: Simulation) {
    this.#processing = Math.round(parameters.processingDelayMs * 1000);
    const { crypto } = parameters;
    this.#crypto = crypto && {
      ...{ sign: crypto.signMs * 1000, verify: crypto.verifyMs * 1000, hash: crypto.hashMs * 1000 },
    };
    this.#isReplica = nodes.map(({ role }) => role === "replica");
    this.#areShared = parameters.processors !== null;
    this.#handledAt = nodes.map(() => 0);
    this.#freeAt = new Array<Micros>(parameters.processors ?? nodes.length).fill(0);
  }

  /** Whether handling a message takes any time. */
  get takeTime(): boolean {
    return this.#processing > 0 || this.#crypto !== null;
  }

  /** When a message that reaches a node now has been handled, unless the node crashes at `crash` or before: then no work goes on after that. */
  finish(node: number, now: Micros, message: Json, crash = Number.POSITIVE_INFINITY): Micros {
    const work = this.#processing + this.#verified(message);
    // However long a single message takes, timers run on: that is a wait, too.
    const ends = this.#occupy(node, now, work, work - this.#processing, crash);
    // Of two shared processors the second may be done first: the replica still handles its messages in the order in which they came.
    const handled = Math.max(ends, this.#handledAt[node]!);
    this.#handledAt[node] = Math.min(handled, crash);
    return handled;
  }

  /** When a message that a node is to send now has been signed: at once, if that costs nothing, or if the signature is another one's or an old one. */
  sign(node: number, now: Micros, message: Json, isOwn: boolean): Micros {
    if (this.#crypto === null || !isOwn || typeof message !== "object" || message === null) return now;
    if (this.#signed.has(message)) return now;
    this.#signed.add(message);
    const work = Math.round(this.#crypto.sign + (this.#crypto.hash * sizeOf(message)) / 1000);
    return this.#isReplica[node] ? this.#occupy(node, now, work, 0) : now + work;
  }

  #occupy(node: number, now: Micros, work: Micros, waits: Micros, crash = Number.POSITIVE_INFINITY): Micros {
    const processor = this.#areShared ? this.#firstFree() : node;
    const begins = Math.max(now, this.#freeAt[processor]!);
    const ends = begins + work;
    const stops = Math.max(begins, Math.min(ends, crash));
    this.#freeAt[processor] = stops;
    this.longestWait = Math.max(this.longestWait, begins - now + waits);
    this.busy += stops - begins;
    return ends;
  }

  /** How long it takes to verify all signatures of a message, and to hash it. */
  #verified(message: Json): Micros {
    if (this.#crypto === null || typeof message !== "object" || message === null) return 0;
    const known = this.#verifying.get(message);
    if (known !== undefined) return known;
    const { verify, hash } = this.#crypto;
    const work = Math.round(verify * signaturesIn(message) + (hash * sizeOf(message)) / 1000);
    this.#verifying.set(message, work);
    return work;
  }

  #firstFree(): number {
    const freeAt = this.#freeAt;
    return freeAt.reduce((first, at, other) => (at < freeAt[first]! ? other : first), 0);
  }
}
