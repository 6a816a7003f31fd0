// A client that runs as a node of this process, with its load.

import type { Config, NodeId } from "../protocol/index.js";
import type { NodeSettings } from "./cluster.js";
import type { CountersSnapshot } from "./counters.js";
import { Load } from "./load.js";
import { NodeService } from "./service.js";

/** A client that makes a number of requests, one after the other. */
export class LoadedClient {
  /** Ends when every request was served, or with the error that ends the client. */
  readonly done: Promise<void>;
  readonly node: NodeId;
  readonly #service: NodeService;
  readonly #load: Load;
  #isStarted = false;

  /** `requests`: how many. */
  constructor(settings: NodeSettings, requests: number) {
    const { cluster, member } = settings;
    const { protocol, file } = cluster;
    this.node = member.id;
    const config: Config = { ...cluster.config, ...(requests > 1 && { operations: requests }) };
    const index = file.nodes.filter(({ role }) => role === "client").findIndex(({ id }) => id === member.id);
    this.#load = new Load({ protocol, config, client: member.id, index, requests }, (request) =>
      this.#service.driver.handle({ kind: "request", request }),
    );
    let [done, failed] = [() => {}, (_: unknown) => {}];
    this.done = new Promise((resolve, reject) => {
      [done, failed] = [resolve, reject];
    });
    this.done.catch(() => {}); // it is waited for later, or something else has ended the run
    this.#service = new NodeService(settings, {
      config,
      observe: (events) => {
        this.#load.observe(events);
        if (this.#load.isDone) done();
      },
      fail: failed,
    });
  }

  /** Listens, and makes the first request. */
  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#service.start();
    this.#load.begin();
  }

  /** Of the requests served so far, how long each took, in microseconds. */
  get latencies(): readonly number[] {
    return this.#load.latencies;
  }

  get counters(): CountersSnapshot {
    return this.#service.counters.snapshot();
  }

  async stop(): Promise<void> {
    if (this.#isStarted) await this.#service.stop();
  }
}
