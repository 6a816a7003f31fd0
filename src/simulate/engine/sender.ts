// What nodes send: a message of a correct node as it is, that of a Byzantine one as its fault hooks change
// it.
//
// Hot file: a broadcast of a correct node is one object for all its receivers.

import { UserError } from "../../model/errors.js";
import { isSigned, typeNameOf } from "../../model/terms.js";
import type { EventQueue } from "../../model/timed/event-queue.js";
import type { Micros } from "../../model/timed/timing.js";
import type { FaultHooks, Input, Json, NodeId } from "../../protocol/index.js";
import type { Measures, Traffic } from "../measures.js";
import { sizeOf } from "../message-size.js";
import type { Network } from "../network.js";
import type { RunObserver } from "../observer.js";
import type { Simulation } from "../setting.js";
import type { SimulatedFaults } from "../simulated-faults.js";
import type { Processors } from "./processors.js";
import type { Requests } from "./requests.js";

/** A message in flight to any number of receivers. */
interface Packet {
  readonly input: Input<Json>;
  readonly traffic: Traffic;
  readonly bytes: number;
}

/** What the sender needs from the run that it is part of. */
export interface SenderDependencies {
  readonly simulation: Simulation;
  readonly queue: EventQueue<Input<Json>>;
  readonly network: Network;
  readonly measures: Measures;
  readonly processors: Processors;
  readonly requests: Requests;
  readonly stepFaults: SimulatedFaults;
  /** By node: its fault hooks; null if it is correct. */
  readonly hooks: readonly (FaultHooks<Json> | null)[];
  readonly recorder?: RunObserver | null;
}

/** Sends the messages of a run. */
export class Sender {
  readonly #queue: EventQueue<Input<Json>>;
  readonly #network: Network;
  readonly #measures: Measures;
  readonly #processors: Processors;
  readonly #requests: Requests;
  /** The bytes that a message may have. */
  readonly #mostBytes: number;
  readonly #stepFaults: SimulatedFaults;
  readonly #hooks: readonly (FaultHooks<Json> | null)[];
  readonly #recorder: RunObserver | null;
  readonly #ids: readonly NodeId[];
  readonly #numbers: ReadonlyMap<NodeId, number>;
  readonly #replicas: readonly number[];
  readonly #isReplica: readonly boolean[];
  readonly #hasClients: boolean;

  constructor(dependencies: SenderDependencies) {
    const { simulation, recorder } = dependencies;
    this.#recorder = recorder ?? null;
    this.#queue = dependencies.queue;
    this.#network = dependencies.network;
    this.#measures = dependencies.measures;
    this.#processors = dependencies.processors;
    this.#requests = dependencies.requests;
    this.#stepFaults = dependencies.stepFaults;
    this.#hooks = dependencies.hooks;
    const { nodes, parameters } = simulation;
    this.#mostBytes = parameters.maxMessage ?? Number.POSITIVE_INFINITY;
    this.#ids = nodes.map(({ id }) => id);
    this.#numbers = new Map(nodes.map(({ id }, index) => [id, index]));
    this.#replicas = nodes.flatMap(({ role }, index) => (role === "replica" ? [index] : []));
    this.#isReplica = nodes.map(({ role }) => role === "replica");
    this.#hasClients = parameters.clients > 0;
  }

  /** Sends to all replicas but the sender. */
  broadcast(node: number, message: Json): void {
    const replicas = this.#replicas;
    if (this.#hooks[node] !== null) {
      for (const to of replicas) if (to !== node) this.#sendAltered(node, to, message);
      return;
    }
    const packet = this.#packetOf(node, message);
    const now = this.#signedAt(node, message);
    for (let i = 0; i < replicas.length; i++)
      if (replicas[i] !== node) this.#transmit(node, replicas[i]!, packet, now);
  }

  /** Sends to one node. Without clients replies go nowhere, and are not counted. */
  send(node: number, to: NodeId, message: Json): void {
    if (!this.#hasClients && !this.#numbers.has(to)) return;
    const receiver = this.#numberOf(to);
    if (this.#hooks[node] === null)
      this.#transmit(node, receiver, this.#packetOf(node, message), this.#signedAt(node, message));
    else this.#sendAltered(node, receiver, message);
  }

  #sendAltered(node: number, to: number, message: Json): void {
    const stepFaults = this.#stepFaults;
    for (const said of this.#hooks[node]!.says(this.#ids[to]!, message)) {
      stepFaults.allow(said.message, message);
      const late = Math.round((said.lateMs ?? 0) * 1000);
      this.#transmit(
        node,
        this.#numberOf(said.to),
        this.#packetOf(node, said.message),
        this.#signedAt(node, said.message) + late,
      );
    }
  }

  /** A message signed as a whole comes from its signer, whoever sends it. */
  #packetOf(node: number, message: Json): Packet {
    const bytes = sizeOf(message) + this.#requests.bytesIn(message);
    const from = isSigned(message) ? message.signer : this.#ids[node]!;
    const traffic = this.#measures.trafficOf(typeNameOf(message));
    return { input: { kind: "message", from, message }, traffic, bytes };
  }

  /** When a message has been signed, if its sender signs it. */
  #signedAt(node: number, message: Json): Micros {
    const isOwn = isSigned(message) && message.signer === this.#ids[node];
    return this.#processors.sign(node, this.#queue.time, message, isOwn);
  }

  #transmit(node: number, to: number, { input, traffic, bytes }: Packet, at: Micros): void {
    if (bytes > this.#mostBytes) {
      this.#measures.tooLong++;
      this.#recorder?.sent(node, to, input, 0);
      return;
    }
    traffic.messages++;
    if (this.#isReplica[node] && this.#isReplica[to]) this.#measures.betweenReplicas++;
    traffic.bytes += bytes;
    const times = this.#network.arrivals(node, to, at, bytes);
    this.#recorder?.sent(node, to, input, times.length);
    for (let i = 0; i < times.length; i++) {
      const time = times[i]!;
      if (time < Number.POSITIVE_INFINITY) this.#queue.add(time, to, input);
    }
  }

  #numberOf(id: NodeId): number {
    const number = this.#numbers.get(id);
    if (number !== undefined) return number;
    throw new UserError("protocol-malformed", `Something was sent to ${id}, and there is no such node.`);
  }
}
