// A node of a cluster as a service: its driver with a listener, connections to the others, a log and a record.

import { join } from "node:path";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { requestsFor } from "../model/starts.js";
import { typeNameOf } from "../model/terms.js";
import type { Config, Event, Json, NodeId } from "../protocol/index.js";
import { RecordWriter } from "../records/index.js";
import { version } from "../version.js";
import type { NodeSettings } from "./cluster.js";
import { Connection } from "./connections.js";
import { Counters } from "./counters.js";
import { DurableLog } from "./durable-log.js";
import { opened, sealed } from "./envelope.js";
import { frameOf } from "./frames.js";
import { Listener } from "./listener.js";
import { NodeDriver, type Outgoing } from "./node.js";
import { Signatures } from "./signatures.js";

/** The name of the record of a node in its directory. */
export const recordName = "record.ndjson";

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
  /** Made once the address is the node's: nobody else then writes its log and its record. */
  #driver: NodeDriver | null = null;
  readonly #signatures: Signatures;
  readonly #canonical;
  readonly #listener: Listener;
  readonly #connections: ReadonlyMap<NodeId, Connection>;
  readonly #replicas: readonly NodeId[];

  constructor(settings: NodeSettings, options: ServiceOptions = {}) {
    this.#settings = settings;
    const { cluster, member, signingKey } = settings;
    const { file, protocol, publicKeys } = cluster;
    const self = member.id;
    this.#canonical = canonicalizer(protocol.message);
    this.#signatures = new Signatures({ cluster: file.id, self, signingKey, publicKeys });
    this.#listener = new Listener(settings, this.counters, (from, content) => this.#arrived(from, content));
    this.#replicas = file.nodes
      .filter(({ role, id }) => role === "replica" && id !== self)
      .map(({ id }) => id);
    const others = file.nodes.filter(({ id }) => id !== self);
    this.#connections = new Map(
      others.map((peer) => [peer.id, new Connection(settings, peer, this.counters)]),
    );
    this.#options = options;
  }

  /** The driver of a service that was started. */
  get driver(): NodeDriver {
    return this.#driver!;
  }

  #driverFor(config: Config, { observe, fail = thrown }: ServiceOptions): NodeDriver {
    const { cluster, spec, directory } = this.#settings;
    const { file } = cluster;
    const self = spec.id;
    const record = new RecordWriter(join(directory, recordName), {
      ...{ kind: "head", format: "turncoat-record", version: 1, turncoat: version, cluster: file.id },
      ...{ node: self, protocol: file.protocol, config: { ...config } },
    });
    const owner = { cluster: file.id, node: self };
    return new NodeDriver({
      ...{ spec, context: { self, config }, timeoutMs: file.timeoutMs, record, signatures: this.#signatures },
      log: new DurableLog(join(directory, "log"), owner, (seconds) => this.counters.synced(seconds)),
      send: (outgoing) => this.#send(outgoing),
      pause: (isPaused) => {
        this.#listener.isPaused = isPaused;
      },
      observe: (events) => {
        for (const { kind } of events) if (kind === "executed") this.counters.executed++;
        observe?.(events);
      },
      givenUp: () => this.counters.drop("deferred-too-many"),
      timed: (seconds) => this.counters.onStep(seconds),
      fail,
    });
  }

  /** Listens and begins. True: it goes on from its log. @throws {UserError} if the log is not its own, or the address is taken. */
  async start(): Promise<boolean> {
    await this.#listener.listen();
    this.#driver = this.#driverFor(this.#options.config ?? this.#settings.cluster.config, this.#options);
    const isAgain = this.#driver.begin();
    if (!isAgain) this.#giveRequests();
    return isAgain;
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
    return [...this.#connections.values()].reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
  }

  /** Stops: the log and the record are whole, and connections end. */
  async stop(): Promise<void> {
    this.#listener.close();
    await this.#driver?.stop();
    for (const connection of this.#connections.values()) connection.close();
  }

  #arrived(via: NodeId, content: Buffer): void {
    const arrived = opened(content, via, this.#canonical, this.#signatures);
    if (typeof arrived === "string") this.counters.drop(arrived);
    else {
      this.counters.accepted++;
      this.driver.message(via, arrived.from, arrived.message, arrived.step);
    }
  }

  #send({ to, message, step }: Outgoing): void {
    const { id } = this.#settings.member;
    const text = this.#sealed(message, step);
    if (text === null) {
      this.counters.drop("unproven");
      return;
    }
    const frame = frameOf(text);
    if (frame === null) {
      this.counters.drop("too-long");
      return;
    }
    const type = typeNameOf(message);
    for (const receiver of to === null ? this.#replicas : [to]) {
      const connection = this.#connections.get(receiver);
      if (connection === undefined)
        throw new UserError(
          "protocol-malformed",
          `${id} sent something to ${receiver}, and there is no such other node.`,
        );
      connection.send(frame);
      this.counters.sent++;
      this.counters.sentBytes += frame.length;
      this.counters.byType[type] = (this.counters.byType[type] ?? 0) + 1;
    }
  }

  #sealed(message: Json, step: number): string | null {
    try {
      return sealed(message, step, this.#canonical, this.#signatures);
    } catch (error) {
      if (!(error instanceof SchemaMismatch)) throw error;
      throw new UserError(
        "protocol-malformed",
        `${this.#settings.member.id} sent a message that does not fit its schema: ${error}.`,
      );
    }
  }
}

function thrown(error: unknown): never {
  throw error;
}
