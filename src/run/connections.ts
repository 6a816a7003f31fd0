// Connections to other nodes: TLS 1.3 both ways with pinned certificates. A node sends over connections that it has made itself, and
// receives over those that others have made, so each connection has one direction. Connections that break are
// made again, after longer and longer pauses.

import { connect, type TLSSocket } from "node:tls";
import type { Member, NodeSettings } from "./cluster.js";
import type { Counters } from "./counters.js";
import { tlsOptions } from "./tls.js";

/** What may wait for one receiver, in bytes. More is dropped and counted. */
const waitingBytesMax = 8 * 2 ** 20;

/** The pause after the first failure, and the longest, in milliseconds. */
const [pauseMs, longestPauseMs] = [50, 5_000];

/** What is sent to one node. */
export class Connection {
  readonly #settings: NodeSettings;
  readonly #peer: Member;
  readonly #counters: Counters;
  #socket: TLSSocket | null = null;
  #isReady = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: NodeSettings, peer: Member, counters: Counters) {
    this.#settings = settings;
    this.#peer = peer;
    this.#counters = counters;
  }

  /** How many bytes wait. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Sends a frame, as soon as that is possible. */
  send(frame: Buffer): void {
    if (this.#isClosed) return;
    if (this.#waitingBytes + frame.length > waitingBytesMax) {
      this.#counters.drop("queue-full");
      return;
    }
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
    if (this.#socket === null && this.#retry === undefined) this.#connect();
    else this.#pump();
  }

  /** Ends the connection once what waits is written, or at once if nobody is there. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    if (this.#isReady) this.#socket?.end();
    else this.#socket?.destroy();
  }

  #connect(): void {
    this.#retry = undefined;
    const { host, port, certificate } = this.#peer;
    const socket = connect({
      ...tlsOptions(this.#settings),
      ...{ host, port },
      ca: [certificate],
      checkServerIdentity: () => undefined, // the certificate itself is pinned, whatever name it bears
    });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("secureConnect", () => {
      this.#isReady = true;
      this.#failures = 0;
      this.#pump();
    });
    socket.on("drain", () => this.#pump());
    socket.on("data", () => {}); // nobody sends here; but only who reads hears of the end
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => this.#lost());
  }

  #lost(): void {
    this.#socket = null;
    this.#isReady = false;
    if (this.#isClosed) return;
    // Half of the pause is drawn at random, so that nodes do not all come at once.
    const pause = Math.min(longestPauseMs, pauseMs * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  /** Writes until the socket has enough; what is left waits here, where it is bounded. */
  #pump(): void {
    const socket = this.#socket;
    if (!this.#isReady || socket === null || this.#waiting.length === 0) return;
    let written = 0;
    while (written < this.#waiting.length && !socket.writableNeedDrain) {
      const frame = this.#waiting[written++]!;
      this.#waitingBytes -= frame.length;
      socket.write(frame);
    }
    this.#waiting.splice(0, written);
  }
}
