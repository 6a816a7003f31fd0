// What a node sends and receives: messages with their proofs, as frames over connections to and from the other nodes of its cluster. Correct
// nodes and Byzantine ones speak through it; neither can sign as somebody else.

import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { typeNameOf } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { NodeSettings } from "./cluster.js";
import { Connection } from "./connections.js";
import type { Counters } from "./counters.js";
import type { Numbered } from "./deliveries.js";
import { type Arrived, opened, sealed } from "./envelope.js";
import { frameOf } from "./frames.js";
import { Listener } from "./listener.js";
import { Signatures } from "./signatures.js";

/** Takes what has arrived and is proven, with the node that sent it; `handled` is to be called when the sender may forget it. */
export type TakeMessage = (via: NodeId, arrived: Arrived, handled: () => void) => void;

/** A message on its way out. */
export interface Outgoing {
  /** Null: to every replica but the node itself. */
  readonly to: NodeId | null;
  readonly message: Json;
  /** The number of the step that sent it. */
  readonly step: number;
  /** How the receiver knows it when it comes again. Default: it does not. */
  readonly sent?: Numbered;
}

/** See the file comment. */
export class Transport {
  readonly signatures: Signatures;
  /** All replicas but the node itself. */
  readonly replicas: readonly NodeId[];
  readonly #self: NodeId;
  readonly #counters: Counters;
  readonly #canonical;
  readonly #listener: Listener;
  readonly #connections: ReadonlyMap<NodeId, Connection>;

  constructor(settings: NodeSettings, counters: Counters, take: TakeMessage) {
    const { cluster, member, signingKey } = settings;
    const { file, protocol, publicKeys } = cluster;
    const self = member.id;
    this.#self = self;
    this.#counters = counters;
    this.#canonical = canonicalizer(protocol.message);
    this.signatures = new Signatures({ cluster: file.id, self, signingKey, publicKeys });
    this.#listener = new Listener(settings, counters, (via, content, handled) => {
      const arrived = opened(content, via, this.#canonical, this.signatures);
      if (typeof arrived === "string") {
        counters.drop(arrived);
        handled();
      } else {
        counters.accepted++;
        take(via, arrived, handled);
      }
    });
    const others = file.nodes.filter(({ id }) => id !== self);
    this.replicas = others.filter(({ role }) => role === "replica").map(({ id }) => id);
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

  /**
   * Sends a message, or counts why it cannot; `settled` hears of each receiver that has acknowledged it, or for which it was given up.
   *
   * @throws {UserError} if it is no message of the protocol, or for nobody.
   */
  send(outgoing: Outgoing, settled: (receiver: NodeId, isAcknowledged: boolean) => void = () => {}): void {
    const { to, message } = outgoing;
    const receivers = to === null ? this.replicas : [to];
    const text = this.#sealed(outgoing);
    const frame = text === null ? null : frameOf(text);
    if (frame === null) {
      this.#counters.drop(text === null ? "unproven" : "too-long");
      for (const receiver of receivers) settled(receiver, false);
      return;
    }
    const type = typeNameOf(message);
    for (const receiver of receivers) {
      const connection = this.#connections.get(receiver);
      if (connection === undefined)
        throw new UserError(
          "protocol-malformed",
          `${this.#self} sent something to ${receiver}, and there is no such other node.`,
        );
      connection.send(frame, (isAcknowledged) => settled(receiver, isAcknowledged));
      this.#counters.sentTo(type, frame.length);
    }
  }

  #sealed(outgoing: Outgoing): string | null {
    try {
      return sealed(outgoing.message, outgoing, this.#canonical, this.signatures);
    } catch (error) {
      if (!(error instanceof SchemaMismatch)) throw error;
      throw new UserError(
        "protocol-malformed",
        `${this.#self} sent a message that does not fit its schema: ${error}.`,
      );
    }
  }
}
