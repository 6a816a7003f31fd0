// What a node sends and receives: messages with their proofs, as frames over connections to and from the other nodes of its cluster. Correct
// nodes and Byzantine ones speak through it; neither can sign as somebody else.

import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { typeNameOf } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { NodeSettings } from "./cluster.js";
import { Connection } from "./connections.js";
import type { Counters } from "./counters.js";
import { type Arrived, opened, sealed } from "./envelope.js";
import { frameOf } from "./frames.js";
import { Listener } from "./listener.js";
import type { Outgoing } from "./node.js";
import { Signatures } from "./signatures.js";

/** See the file comment. */
export class Transport {
  readonly signatures: Signatures;
  readonly #self: NodeId;
  readonly #counters: Counters;
  readonly #canonical;
  readonly #listener: Listener;
  readonly #connections: ReadonlyMap<NodeId, Connection>;
  readonly #replicas: readonly NodeId[];

  /** `take` is given what arrives and is proven, with the node that sent it. */
  constructor(settings: NodeSettings, counters: Counters, take: (via: NodeId, arrived: Arrived) => void) {
    const { cluster, member, signingKey } = settings;
    const { file, protocol, publicKeys } = cluster;
    const self = member.id;
    this.#self = self;
    this.#counters = counters;
    this.#canonical = canonicalizer(protocol.message);
    this.signatures = new Signatures({ cluster: file.id, self, signingKey, publicKeys });
    this.#listener = new Listener(settings, counters, (via, content) => {
      const arrived = opened(content, via, this.#canonical, this.signatures);
      if (typeof arrived === "string") counters.drop(arrived);
      else {
        counters.accepted++;
        take(via, arrived);
      }
    });
    const others = file.nodes.filter(({ id }) => id !== self);
    this.#replicas = others.filter(({ role }) => role === "replica").map(({ id }) => id);
    this.#connections = new Map(others.map((peer) => [peer.id, new Connection(settings, peer, counters)]));
  }

  /** Begins to listen. @throws {UserError} if the address is taken. */
  listen(): Promise<void> {
    return this.#listener.listen();
  }

  /** Whether anything more is read: see `Listener`. */
  set isPaused(isPaused: boolean) {
    this.#listener.isPaused = isPaused;
  }

  /** How many bytes wait for other nodes. */
  get waitingBytes(): number {
    return [...this.#connections.values()].reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
  }

  /** Takes no more connections. */
  closeListener(): void {
    this.#listener.close();
  }

  /** Ends the connections to others, once what waits is written. */
  closeConnections(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  /** Sends a message, or counts why it cannot. @throws {UserError} if it is no message of the protocol, or for nobody. */
  send({ to, message, step }: Outgoing): void {
    const text = this.#sealed(message, step);
    const frame = text === null ? null : frameOf(text);
    if (frame === null) {
      this.#counters.drop(text === null ? "unproven" : "too-long");
      return;
    }
    const type = typeNameOf(message);
    for (const receiver of to === null ? this.#replicas : [to]) {
      const connection = this.#connections.get(receiver);
      if (connection === undefined)
        throw new UserError(
          "protocol-malformed",
          `${this.#self} sent something to ${receiver}, and there is no such other node.`,
        );
      connection.send(frame);
      this.#counters.sentTo(type, frame.length);
    }
  }

  #sealed(message: Json, step: number): string | null {
    try {
      return sealed(message, step, this.#canonical, this.signatures);
    } catch (error) {
      if (!(error instanceof SchemaMismatch)) throw error;
      throw new UserError(
        "protocol-malformed",
        `${this.#self} sent a message that does not fit its schema: ${error}.`,
      );
    }
  }
}
