// A client that runs as a node of this process, with its requests.

import type { Config, NodeId } from "../protocol/index.js";
import { invokedIn } from "../records/index.js";
import type { NodeSettings } from "./cluster.js";
import type { CountersSnapshot } from "./counters.js";
import { Load } from "./load.js";
import { NodeService } from "./service.js";

/** How a client makes its requests. */
export interface ClientOptions {
  /** How many requests it makes, at most. */
  readonly requests: number;
  /** Called whenever it has been served: then it waits for {@link LoadedClient.give}. Default: it makes the next request at once. */
  readonly onFree?: () => void;
}

/** A client that makes requests, one at a time. */
export class LoadedClient {
  /** Ends when every request was served, or with the error that ends the client. */
  readonly done: Promise<void>;
  readonly node: NodeId;
  readonly #settings: NodeSettings;
  readonly #options: ClientOptions;
  #service: NodeService | null = null;
  #load: Load | null = null;
  #ends = { done: () => {}, failed: (_: unknown) => {} };

  constructor(settings: NodeSettings, options: ClientOptions) {
    this.#settings = settings;
    this.#options = options;
    this.node = settings.member.id;
    this.done = new Promise((done, failed) => {
      this.#ends = { done, failed };
    });
    this.done.catch(() => {}); // it is waited for later, or something else has ended the run
  }

  /** Listens, and makes the first request, or waits to be given one. A client that has run before goes on with other requests. */
  async start(): Promise<void> {
    const { cluster, member, directory } = this.#settings;
    const { protocol, file } = cluster;
    const { requests, onFree } = this.#options;
    const made = invokedIn(directory);
    const config: Config = { ...cluster.config, ...(protocol.request && { paced: true }) };
    const index = file.nodes.filter(({ role }) => role === "client").findIndex(({ id }) => id === member.id);
    const load = new Load({ protocol, config, client: member.id, index, requests, made }, (request) =>
      service.driver.handle({ kind: "request", request }),
    );
    const service = new NodeService(this.#settings, {
      config,
      observe: (events) => {
        if (load.observe(events)) queueMicrotask(() => (onFree ? onFree() : load.giveNext()));
        if (load.isDone) this.#ends.done();
      },
      fail: this.#ends.failed,
    });
    this.#load = load;
    this.#service = service;
    await service.start();
    if (!onFree) load.begin();
  }

  /** Gives a client that waits its next request. */
  give(): void {
    this.#load!.giveNext();
  }

  /** Of the requests served so far, how long each took, in microseconds. */
  get latencies(): readonly number[] {
    return this.#load?.latencies ?? [];
  }

  get counters(): CountersSnapshot | null {
    return this.#service?.counters.snapshot() ?? null;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
  }
}
