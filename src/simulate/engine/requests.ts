// The requests of a run: a client gets its next one when it has been served; without clients every replica
// has all of them from the start.

import { calling } from "../../model/errors.js";
import { digestOf, requestsOf } from "../../model/setting.js";
import type { EventQueue } from "../../model/timed/event-queue.js";
import type { Input, Json } from "../../protocol/index.js";
import type { Measures } from "../measures.js";
import type { Simulation } from "../setting.js";

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

  constructor(simulation: Simulation, queue: EventQueue<Input<Json>>, measures: Measures) {
    const { parameters, nodes } = simulation;
    this.#simulation = simulation;
    this.#queue = queue;
    this.#measures = measures;
    this.#replicas = nodes.flatMap(({ role }, index) => (role === "replica" ? [index] : []));
    this.#submitted = new Int32Array(nodes.length);
    this.total = parameters.clients > 0 ? parameters.clients * parameters.requests : parameters.requests;
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
      for (const node of this.#replicas) this.#queue.add(0, node, { kind: "request", request });
    }
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
    this.#queue.add(this.#queue.time, node, { kind: "request", request });
  }
}
