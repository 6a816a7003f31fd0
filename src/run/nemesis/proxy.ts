// A proxy between nodes: each link, from one node to another, has a port of its own, through which the connection that the one makes
// runs to the other's real one. What passes is encrypted from end to end; the proxy holds it up, slows it down, or cuts the connection.

import { connect, createServer, type Server, type Socket } from "node:net";
import type { NodeId } from "../../protocol/index.js";

/** What happens on a link. */
export interface LinkFault {
  /** Nothing passes: it waits, as long as both ends wait for it. */
  readonly isHeld?: boolean;
  /** What passes arrives so much later, in milliseconds; and by up to `jitterMs` more. Default: 0. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** The probability that a chunk of bytes is lost. Its connection is lost with it, as TCP has it. Default: 0. */
  readonly loss?: number;
}

/** The two sides of one connection through a link. */
interface Tunnel {
  readonly near: Socket;
  readonly far: Socket;
}

/** One direction of communication between two nodes. Bytes that flow back are the receiver's acknowledgements. */
class Link {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #tunnels = new Set<Tunnel>();
  #fault: LinkFault = {};

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((near) => this.#open(near));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: "127.0.0.1", port: 0 }, resolve);
    });
    return (this.#server.address() as { readonly port: number }).port;
  }

  suffer(fault: LinkFault): void {
    this.#fault = fault;
    for (const { near, far } of this.#tunnels)
      for (const side of [near, far]) fault.isHeld ? side.pause() : side.resume();
  }

  close(): void {
    this.#server.close();
    for (const { near, far } of this.#tunnels) for (const side of [near, far]) side.destroy();
  }

  #open(near: Socket): void {
    const far = connect(this.#target);
    const tunnel = { near, far };
    this.#tunnels.add(tunnel);
    const end = () => {
      near.destroy();
      far.destroy();
      this.#tunnels.delete(tunnel);
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on("error", () => {}); // "close" follows
      from.on("close", end);
      this.#pass(from, to, end);
      if (this.#fault.isHeld) from.pause();
    }
  }

  #pass(from: Socket, to: Socket, end: () => void): void {
    let lastAt = 0;
    from.on("data", (chunk: Buffer) => {
      const { delayMs = 0, jitterMs = 0, loss = 0 } = this.#fault;
      if (loss > 0 && Math.random() < loss) return end();
      const now = performance.now();
      const at = Math.max(lastAt, now + delayMs + Math.random() * jitterMs); // in order
      lastAt = at;
      if (at <= now) this.#write(from, to, chunk);
      else setTimeout(() => this.#write(from, to, chunk), at - now);
    });
  }

  #write(from: Socket, to: Socket, chunk: Buffer): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once("drain", () => !this.#fault.isHeld && from.resume());
  }
}

/** The proxy of a cluster. */
export class NetworkProxy {
  readonly #links = new Map<string, Link>();

  /** Adds the link from one node to another, whose address is `target`; the port to connect to instead. */
  async add(
    from: NodeId,
    to: NodeId,
    target: { readonly host: string; readonly port: number },
  ): Promise<number> {
    const link = new Link(target);
    this.#links.set(`${from} ${to}`, link);
    return link.listen();
  }

  /** From now on this happens on a link. */
  suffer(from: NodeId, to: NodeId, fault: LinkFault): void {
    this.#links.get(`${from} ${to}`)?.suffer(fault);
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
  }
}
