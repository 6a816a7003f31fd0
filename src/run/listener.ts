// The listener of a node: takes connections of the cluster's nodes, whom it knows by their certificates, and cuts
// what they send into frames.

import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { UserError } from "../model/errors.js";
import type { NodeId } from "../protocol/index.js";
import { Acknowledger } from "./acknowledgements.js";
import { certificatesOf, type NodeSettings } from "./cluster.js";
import type { Counters } from "./counters.js";
import { FrameReader } from "./frames.js";
import { hasEnded, shownBy, tlsOptions, whenEnded } from "./tls.js";

/** How long a connection may take to show its certificate, in milliseconds. */
const handshakeTimeout = 10_000;

/** A node that connects again while its old connection seems to live replaces the oldest of so many. */
const connectionsOfNode = 3;

/** So many connections may be showing their certificates at a time; who comes then takes the place of the one that takes longest. */
export const strangersMax = 64;

/** Takes the content of a frame; `handled` is to be called when its sender may forget it. */
export type TakeFrame = (from: NodeId, content: Buffer, handled: () => void) => void;

/** See the file comment. */
export class Listener {
  readonly #settings: NodeSettings;
  readonly #counters: Counters;
  readonly #take: TakeFrame;
  readonly #server: Server;
  readonly #sockets = new Map<NodeId, TLSSocket[]>();
  /** By their address, connections that have not shown a certificate, the oldest first. */
  readonly #strangers = new Map<string, Socket>();
  #isPaused = false;
  #isClosed = false;

  constructor(settings: NodeSettings, counters: Counters, take: TakeFrame) {
    this.#settings = settings;
    this.#counters = counters;
    this.#take = take;
    const { nodes } = settings.cluster.file;
    this.#server = createServer({
      ...tlsOptions(settings),
      ca: nodes.flatMap(certificatesOf),
      ...{ requestCert: true, rejectUnauthorized: true, handshakeTimeout },
    });
    this.#server.on("connection", (socket: Socket) => this.#greet(socket));
    this.#server.on("secureConnection", (socket) => this.#accept(socket));
    this.#server.on("tlsClientError", () => {
      if (!this.#isClosed) this.#counters.drop("unknown-sender"); // else it is this node that hangs up
    });
  }

  /** Begins to listen. @throws {UserError} if the address is taken. */
  listen(): Promise<void> {
    const { host, port } = this.#settings.member;
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error) =>
        reject(new UserError("bad-option", `${host}:${port} cannot be listened on: ${error.message}`)),
      );
      this.#server.listen({ host, port }, resolve);
    });
  }

  /** Whether anything more is read. What is not read fills the senders' queues, and not this node's memory. */
  set isPaused(isPaused: boolean) {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    for (const socket of [...this.#sockets.values()].flat()) isPaused ? socket.pause() : socket.resume();
  }

  close(): void {
    this.#isClosed = true;
    this.#server.close();
    for (const socket of [...this.#sockets.values(), ...this.#strangers.values()].flat()) socket.destroy();
  }

  /** Strangers cannot keep others out by coming and showing nothing: there is always a place for the next one. */
  #greet(socket: Socket): void {
    const [oldest] = this.#strangers;
    if (oldest !== undefined && this.#strangers.size >= strangersMax) {
      this.#strangers.delete(oldest[0]);
      oldest[1].destroy();
    }
    const address = addressOf(socket);
    this.#strangers.set(address, socket);
    socket.on("close", () => this.#strangers.get(address) === socket && this.#strangers.delete(address));
  }

  #accept(socket: TLSSocket): void {
    this.#strangers.delete(addressOf(socket));
    socket.on("error", () => {});
    const known = shownBy(socket, this.#settings);
    if (known === null) {
      this.#refuse(socket);
      return;
    }
    whenEnded(known, socket, () => this.#refuse(socket));
    const from = known.node;
    const others = this.#sockets.get(from) ?? [];
    if (others.length >= connectionsOfNode) others[0]!.destroy();
    this.#sockets.set(from, [...others, socket]);
    socket.on("close", () =>
      this.#sockets.set(
        from,
        this.#sockets.get(from)!.filter((other) => other !== socket),
      ),
    );
    const acknowledger = new Acknowledger(socket);
    const frames = new FrameReader((content) => this.#take(from, content, acknowledger.arrived()));
    socket.on("data", (chunk: Buffer) => {
      if (hasEnded(known)) this.#refuse(socket);
      else if (!frames.push(chunk)) {
        this.#counters.drop("oversize");
        socket.destroy(); // where the next frame would begin nobody knows
      }
    });
    if (this.#isPaused) socket.pause();
  }

  #refuse(socket: TLSSocket): void {
    this.#counters.drop("unknown-sender");
    socket.destroy();
  }
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
