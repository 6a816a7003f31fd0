// A Byzantine node of a cluster as a service: copies of the protocol's own behaviour with faults, behind the same transport as a correct
// node's. It has its own keys and no others. What it cannot prove it cannot send: that is counted as `unproven`.

import type { Json } from "../../protocol/index.js";
import { randomFor } from "../../simulate/random.js";
import type { NodeSettings } from "../cluster.js";
import { Counters } from "../counters.js";
import { type Outgoing, Transport } from "../transport.js";
import { ByzantineCopy } from "./copy.js";
import type { WireFaults } from "./kinds.js";

/** A copy that forgets does so after so many inputs, on average. */
const inputsBetweenLosses = 500;

/** See the file comment. */
export class ByzantineService {
  readonly counters = new Counters();
  readonly #transport: Transport;
  readonly #copies: readonly ByzantineCopy[];
  readonly #forgets: boolean;
  readonly #random;
  #sent = 0;

  constructor(settings: NodeSettings, faults: WireFaults, seed: number) {
    const { cluster, spec } = settings;
    this.#forgets = faults.forgets;
    this.#random = randomFor(seed, 0);
    this.#transport = new Transport(settings, this.counters, (via, { from, message }, handled) => {
      handled(); // it has no disk that could have it
      for (const copy of this.#hearing())
        this.#guarded(() => copy.hear({ kind: "message", from, ...(via !== from && { via }), message }));
    });
    const replicas = cluster.specs.filter(({ role }) => role === "replica").map(({ id }) => id);
    this.#copies = Array.from(
      { length: faults.copies },
      (_, copy) =>
        new ByzantineCopy({
          ...{ spec, context: { self: spec.id, config: cluster.config }, replicas },
          ...{ timeoutMs: cluster.file.timeoutMs, hooks: faults.attach(copy) },
          send: (outgoing) => this.#send(outgoing),
          guarded: (act) => this.#guarded(act),
        }),
    );
  }

  async start(): Promise<void> {
    await this.#transport.listen();
    for (const copy of this.#copies) this.#guarded(() => copy.begin());
  }

  async stop(): Promise<void> {
    for (const copy of this.#copies) copy.stop();
    this.#transport.closeListener();
    this.#transport.closeConnections();
  }

  /** The copies that receive what has come: of several, any. */
  #hearing(): readonly ByzantineCopy[] {
    const copies = this.#copies;
    if (this.#forgets && this.#random.below(inputsBetweenLosses) === 0)
      this.#guarded(() => copies[this.#random.below(copies.length)]!.begin());
    if (copies.length === 1) return copies;
    const one = this.#random.below(copies.length + 1);
    return one === copies.length ? copies : [copies[one]!];
  }

  #send({ to, message }: Omit<Outgoing, "step">): void {
    this.#sent++;
    this.#guarded(() => this.#transport.send({ to, message: message as Json, step: this.#sent }));
  }

  /** Its own lies may lead it to where its behaviour throws, or make a message that fits no schema: that is its own affair. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch {
      this.counters.drop("malformed");
    }
  }
}
