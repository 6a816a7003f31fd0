// The load of a client that runs: it is given a request, and the next one when it has been served; how long each took.

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
}

/** See the file comment. */
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

  /** Gives the client its first request. */
  begin(): void {
    this.#giveNext();
  }

  /** Whether every request was served. */
  get isDone(): boolean {
    return this.latencies.length >= this.#plan.requests;
  }

  /** Hears the events of the client. */
  observe(events: readonly Event[]): void {
    let wantsMore = false;
    for (const event of events) {
      if (event.kind === "invoked") {
        this.#invoked++;
        this.#invokedAt.set(event.request, performance.now());
        wantsMore = false; // a client that goes on by itself
      }
      if (event.kind === "accepted" && this.#served(event.request)) wantsMore = true;
    }
    if (wantsMore) queueMicrotask(() => this.#giveNext());
  }

  #served(request: string): boolean {
    const since = this.#invokedAt.get(request);
    if (since === undefined) return false;
    this.#invokedAt.delete(request);
    this.latencies.push((performance.now() - since) * 1000);
    return true;
  }

  #giveNext(): void {
    const { protocol, config, client, index, requests } = this.#plan;
    const number = this.#invoked + 1;
    if (number > requests) return;
    const request = protocol.request
      ? calling("protocol-threw", `request() of ${protocol.name}`, () =>
          protocol.request!(config, client, number),
        )
      : requestsOf(protocol, config)[index]!;
    this.#give(request);
  }
}
