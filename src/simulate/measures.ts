// The measurements of a run: who was served when, what was sent, and whether the correct replicas' digests
// agree. Only correct nodes count, except for messages, where all nodes do.

import type { Micros } from "../model/timed/timing.js";
import type { Event, NodeId } from "../protocol/index.js";

/** The messages of one type that were sent. */
export interface Traffic {
  messages: number;
  bytes: number;
}

export class Measures {
  /** How many replicas have to execute a request to make it succeed if there are no clients; 0 if clients decide. */
  readonly #executionsNeeded: number;
  readonly #issuedAt = new Map<string, Micros>();
  readonly #executors = new Map<string, Set<NodeId>>();
  /** As which of its log somebody has executed a request that has not succeeded yet. */
  readonly #positions = new Map<string, number>();
  readonly #digests = new Map<string, string>();
  /** From a request's issue to its success, in the order of successes. */
  readonly latencies: Micros[] = [];
  readonly traffic = new Map<string, Traffic>();
  /** Messages that replicas sent to replicas, whatever their type. */
  betweenReplicas = 0;
  /** Messages that were longer than what can be sent. */
  tooLong = 0;
  /** The longest timer of a correct node. */
  longestTimer: Micros = 0;
  issued = 0;
  /** How many pairs of replicas' digests for one place of the log were compared, and how many differed. */
  compared = 0;
  differed = 0;
  /** Executions by correct replicas. */
  executed = 0;
  lastSuccess: Micros = 0;
  #isOver = false;

  constructor(executionsNeeded: number) {
    this.#executionsNeeded = executionsNeeded;
  }

  /** What succeeds from now on is not counted. */
  stop(): void {
    this.#isOver = true;
  }

  /** A request enters the run. */
  issue(request: string, now: Micros): void {
    this.issued++;
    this.#issuedAt.set(request, now);
  }

  /** How many replicas have executed a request that has not succeeded yet: the fewest. None of them: infinitely many. */
  fewestExecutors(): number {
    return Math.min(...[...this.#issuedAt.keys()].map((request) => this.#executors.get(request)?.size ?? 0));
  }

  /** The counter of a type of message. */
  trafficOf(type: string): Traffic {
    let found = this.traffic.get(type);
    if (!found) {
      found = { messages: 0, bytes: 0 };
      this.traffic.set(type, found);
    }
    return found;
  }

  /**
   * Records an event of a correct node. `executor`: the replica whose executions count for success; null: it crashes for good. True if it
   * made a request succeed.
   */
  observe(event: Event, now: Micros, executor: NodeId | null): boolean {
    switch (event.kind) {
      case "invoked":
        this.issue(event.request, now);
        return false;
      case "accepted":
        return this.#executionsNeeded === 0 && this.#succeed(event.request, now);
      case "executed":
        return this.#execute(event, now, executor);
      case "custom":
        return event.name === "state-installed" && this.#install(Number(event.data), now, executor);
    }
  }

  /** Who installs the state of others has what they had executed. */
  #install(length: number, now: Micros, executor: NodeId | null): boolean {
    if (this.#executionsNeeded === 0 || executor === null) return false;
    let succeeded = false;
    for (const [request, position] of this.#positions)
      if (position <= length && this.#hasExecuted(request, now, executor)) succeeded = true;
    return succeeded;
  }

  /** A replica that has crashed and come back may execute a request again: it counts once. */
  #execute(event: Extract<Event, { kind: "executed" }>, now: Micros, executor: NodeId | null): boolean {
    this.executed++;
    const place = `${event.slot}.${event.index ?? 0}`;
    const known = this.#digests.get(place);
    if (known === undefined) this.#digests.set(place, event.request);
    else {
      this.compared++;
      if (known !== event.request) this.differed++;
    }
    if (this.#executionsNeeded === 0 || executor === null) return false;
    if (this.#issuedAt.has(event.request) && !this.#positions.has(event.request))
      this.#positions.set(event.request, event.position);
    return this.#hasExecuted(event.request, now, executor);
  }

  #hasExecuted(request: string, now: Micros, executor: NodeId): boolean {
    const executors = this.#executors.get(request) ?? new Set();
    this.#executors.set(request, executors.add(executor));
    return executors.size === this.#executionsNeeded && this.#succeed(request, now);
  }

  #succeed(request: string, now: Micros): boolean {
    const since = this.#issuedAt.get(request);
    if (since === undefined) return false; // nobody has asked for it: validity's business
    this.#issuedAt.delete(request);
    this.#positions.delete(request);
    if (this.#isOver) return true;
    this.latencies.push(now - since);
    this.lastSuccess = now;
    return true;
  }
}
