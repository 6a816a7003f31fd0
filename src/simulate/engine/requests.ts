// The requests of a run: a client gets its next one when it has been served; without clients every replica
// has all of them from the start.

import { calling } from "../../model/errors.js";
import { digestOf, requestsOf } from "../../model/setting.js";
import type { EventQueue } from "../../model/timed/event-queue.js";
import type { Input, Json } from "../../protocol/index.js";
import { DownTimes } from "../crash.js";
import type { Measures } from "../measures.js";
import { decidesOnce, type Simulation } from "../setting.js";

/** Gives nodes their requests. */
export class Requests {
  /** How many requests have to succeed. */
  readonly total: number;
  readonly #simulation: Simulation;
  readonly #queue: EventQueue<Input<Json>>;
  readonly #measures: Measures;
  readonly #replicas: readonly number[];
  /** How many requests each client has submitted. */
  readonly #submitted: Int32Array;
  /** What a request carries, in bytes. */
  readonly #payload: number;
  /** The texts of the requests of this run, if they carry anything. */
  readonly #texts = new Set<string>();
  /** Parts of messages: how many requests they have. */
  readonly #counted = new WeakMap<object, number>();
  readonly #down: DownTimes;

  constructor(simulation: Simulation, queue: EventQueue<Input<Json>>, measures: Measures) {
    const { parameters, nodes } = simulation;
    this.#simulation = simulation;
    this.#queue = queue;
    this.#measures = measures;
    this.#payload = parameters.payload;
    this.#down = new DownTimes(
      parameters.crashes,
      nodes.map(({ id }) => id),
    );
    this.#replicas = nodes.flatMap(({ role }, index) => (role === "replica" ? [index] : []));
    this.#submitted = new Int32Array(nodes.length);
    this.total = decidesOnce(simulation) ? 1 : Math.max(1, parameters.clients) * parameters.requests;
  }

  /** Gives each client its first request or, without clients, every replica all requests. */
  begin(): void {
    const { entry, config, nodes, parameters } = this.#simulation;
    if (parameters.clients > 0) {
      for (const [node, { role }] of nodes.entries()) if (role === "client") this.giveNext(node);
      return;
    }
    for (const request of requestsOf(entry.protocol, config)) {
      this.#measures.issue(digestOf(entry.protocol, request), 0);
      this.#carries(request);
      for (const node of this.#replicas) {
        const time = this.#down.reaches(node, 0);
        if (time < Number.POSITIVE_INFINITY) this.#queue.add(time, node, { kind: "request", request });
      }
    }
  }

  /** What the requests in a message carry, in bytes. */
  bytesIn(message: Json): number {
    return this.#payload === 0 ? 0 : this.#payload * this.#count(message);
  }

  #carries(request: Json): void {
    if (this.#payload > 0) this.#texts.add(JSON.stringify(request));
  }

  /** Requests are told by what they say: a protocol may copy them. */
  #count(value: unknown): number {
    if (typeof value !== "object" || value === null) return 0;
    const known = this.#counted.get(value);
    if (known !== undefined) return known;
    const count = this.#texts.has(JSON.stringify(value))
      ? 1
      : Object.values(value).reduce((sum: number, part) => sum + this.#count(part), 0);
    this.#counted.set(value, count);
    return count;
  }

  /** A client has submitted a request. */
  submitted(node: number): void {
    this.#submitted[node]!++;
  }

  /** Gives a client that has been served its next request, if it is to have one. */
  giveNext(node: number): void {
    const { entry, config, nodes, parameters } = this.#simulation;
    const { protocol } = entry;
    const number = this.#submitted[node]! + 1;
    if (number > parameters.requests) return;
    const { id } = nodes[node]!;
    const request = protocol.request
      ? calling("protocol-threw", `request() of ${protocol.name}`, () =>
          protocol.request!(config, id, number),
        )
      : requestsOf(protocol, config)[node - this.#replicas.length]!;
    this.#carries(request);
    this.#queue.add(this.#queue.time, node, { kind: "request", request });
  }
}
