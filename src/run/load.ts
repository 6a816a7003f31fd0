// The requests of a client that runs: which one is the next, when it was made, and when it was served.

import { calling } from "../model/errors.js";
import { requestsOf } from "../model/setting.js";
import type { Config, Event, Json, NodeId, Protocol } from "../protocol/index.js";

/** What a client asks for. */
export interface LoadPlan {
  readonly protocol: Protocol<Json, Json>;
  readonly config: Config;
  readonly client: NodeId;
  /** Its number among the clients. */
  readonly index: number;
  /** How many requests it makes. */
  readonly requests: number;
  /** How many it has made before it was started again. Default: none. */
  readonly made?: number;
}

/** Gives a client its requests one after the other, and hears when they are served. */
export class Load {
  readonly #plan: LoadPlan;
  readonly #give: (request: Json) => void;
  readonly #invokedAt = new Map<string, number>();
  #invoked = 0;
  /** How long each request took that was served, in microseconds. */
  readonly latencies: number[] = [];

  constructor(plan: LoadPlan, give: (request: Json) => void) {
    this.#plan = plan;
    this.#give = give;
  }

  /** Gives the client its first request. If it still waits for one that it made before a crash, that is served first, and does not count. */
  begin(): void {
    this.giveNext();
  }

  /** Whether every request was served. */
  get isDone(): boolean {
    return this.latencies.length >= this.#plan.requests;
  }

  /** Hears the events of the client. True: it was served, and makes no other request by itself. */
  observe(events: readonly Event[]): boolean {
    let isFree = false;
    for (const event of events) {
      if (event.kind === "invoked") {
        this.#invoked++;
        this.#invokedAt.set(event.request, performance.now());
        isFree = false; // a client that goes on by itself
      }
      if (event.kind === "accepted") {
        this.#served(event.request);
        isFree = true;
      }
    }
    return isFree;
  }

  #served(request: string): void {
    const since = this.#invokedAt.get(request);
    if (since === undefined) return; // made before a crash
    this.#invokedAt.delete(request);
    this.latencies.push((performance.now() - since) * 1000);
  }

  /** Gives the client its next request, if it is to have one. */
  giveNext(): void {
    const { protocol, config, client, index, requests, made = 0 } = this.#plan;
    if (this.#invoked >= requests) return;
    const request = protocol.request
      ? calling("protocol-threw", `request() of ${protocol.name}`, () =>
          protocol.request!(config, client, made + this.#invoked + 1),
        )
      : requestsOf(protocol, config)[index]!;
    this.#give(request);
  }
}
