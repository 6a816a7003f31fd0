// A correct node of a cluster as a service: its driver with a transport, a log and a record.

import { join } from "node:path";
import { type Parts, partsOf } from "../identity/identity.js";
import { requestsFor } from "../model/starts.js";
import type { Config, Event } from "../protocol/index.js";
import { RecordWriter } from "../records/index.js";
import { version } from "../version.js";
import type { NodeSettings } from "./cluster.js";
import { Counters } from "./counters.js";
import { DurableLog } from "./durable-log.js";
import { NodeDriver } from "./node.js";
import { Transport } from "./transport.js";

/** What is done with a node that runs. */
export interface ServiceOptions {
  /** What the node knows, if that is more than the cluster's file says. Default: that. */
  readonly config?: Config;
  /** Hears its events. Default: nobody. */
  readonly observe?: (events: readonly Event[]) => void;
  /** Hears of the error with which the node ends. Default: it is thrown. */
  readonly fail?: (error: unknown) => void;
}

/** See the file comment. */
export class NodeService {
  readonly counters = new Counters();
  readonly #settings: NodeSettings;
  readonly #options: ServiceOptions;
  readonly #transport: Transport;
  readonly #log: DurableLog;
  /** Made once the address is the node's: nobody else then writes its log and its record. */
  #driver: NodeDriver | null = null;

  constructor(settings: NodeSettings, options: ServiceOptions = {}) {
    this.#settings = settings;
    this.#options = options;
    this.#transport = new Transport(settings, this.counters, (via, arrived, handled) =>
      this.driver.message(via, arrived, handled),
    );
    const owner = { cluster: settings.cluster.file.id, node: settings.member.id };
    this.#log = new DurableLog(join(settings.directory, "log"), owner, (seconds) =>
      this.counters.synced(seconds),
    );
  }

  /** The driver of a service that was started. */
  get driver(): NodeDriver {
    return this.#driver!;
  }

  #driverFor(config: Config, code: Parts, { observe, fail = thrown }: ServiceOptions): NodeDriver {
    const { cluster, spec, directory } = this.#settings;
    const { file } = cluster;
    const self = spec.id;
    const record = new RecordWriter(directory, {
      ...{ kind: "head", format: "turncoat-record", version: 1, turncoat: version, cluster: file.id },
      ...{ node: self, protocol: file.protocol, config: { ...config }, code: [code] },
    });
    const transport = this.#transport;
    return new NodeDriver({
      ...{ spec, context: { self, config }, timeoutMs: file.timeoutMs, record, log: this.#log },
      signatures: transport.signatures,
      replicas: transport.replicas,
      send: (outgoing, settled) => transport.send(outgoing, settled),
      pause: (isPaused) => {
        transport.isPaused = isPaused;
      },
      observe: (events) => {
        for (const event of events) if (event.kind === "executed") this.counters.hasExecuted(event.position);
        observe?.(events);
      },
      dropped: (reason) => this.counters.drop(reason),
      timed: (seconds) => this.counters.onStep(seconds),
      fail,
    });
  }

  /** Listens and begins. True: it goes on from its log. @throws {UserError} if the log is not its own, or the address is taken. */
  async start(): Promise<boolean> {
    const { cluster } = this.#settings;
    const code = await partsOf(cluster.file.protocol);
    await this.#transport.listen();
    try {
      this.#driver = this.#driverFor(this.#options.config ?? cluster.config, code, this.#options);
      const isAgain = this.#driver.begin();
      if (!isAgain) this.#giveRequests();
      return isAgain;
    } catch (error) {
      await this.stop().catch(() => {}); // why it could not begin says more
      throw error;
    }
  }

  /** Without clients every replica has all requests from the start, as in the model. */
  #giveRequests(): void {
    const { protocol, config } = this.#settings.cluster;
    const { id, role } = this.#settings.spec;
    if (config.clients || role !== "replica") return;
    for (const request of requestsFor({ protocol, config }, id, role))
      this.driver.handle({ kind: "request", request });
  }

  /** How many bytes wait for other nodes. */
  get waitingBytes(): number {
    return this.#transport.waitingBytes;
  }

  /** A fault of its machine: its clock jumps by so many milliseconds, forwards if they are positive. */
  jumpClock(ms: number): void {
    this.driver.jumpClock(ms);
  }

  /** A fault of its machine: there is no more space where its log is. */
  fillDisk(): void {
    this.#log.fillDisk();
  }

  /** Stops: the log and the record are whole, and connections end. */
  async stop(): Promise<void> {
    this.#transport.closeListener();
    try {
      await this.#driver?.stop();
    } finally {
      this.#transport.closeConnections();
    }
  }
}

function thrown(error: unknown): never {
  throw error;
}
