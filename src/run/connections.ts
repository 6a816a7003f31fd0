// Connections to other nodes: TLS 1.3 both ways with pinned certificates. A node sends frames over connections that it has made
// itself, and receives them over those that others have made. Connections that break are made again, after longer and longer pauses.
//
// The receiver acknowledges the frames that it has handled (see acknowledgements.ts). What is not acknowledged when a connection breaks
// is sent again over the next one, in the same order. So between two nodes that run nothing is lost, as the model's network promises. A frame may
// arrive twice; who must not handle it twice numbers it (see deliveries.ts).

import { connect, type TLSSocket } from "node:tls";
import { AcknowledgementReader } from "./acknowledgements.js";
import { certificatesOf, type Member, type NodeSettings } from "./cluster.js";
import type { Counters } from "./counters.js";
import { shownBy, tlsOptions, whenEnded } from "./tls.js";

/** How many bytes may wait for one receiver, unacknowledged ones included. More is dropped and counted. */
const waitingBytesMax = 8 * 2 ** 20;

/** The pause after the first failure, and the longest, in milliseconds. */
const [pauseMs, longestPauseMs] = [50, 5_000];

/** A connection that is not made, or acknowledges nothing of what it was given, for so long is given up, in milliseconds. */
const silenceMs = 10_000;

/** How long the end of a connection may take, in milliseconds. */
const endMs = 2_000;

/** Hears what has become of a frame: it was acknowledged, or given up. */
export type Settled = (isAcknowledged: boolean) => void;

interface WaitingFrame {
  readonly frame: Buffer;
  readonly settled: Settled;
}

/** What is sent to one node. */
export class Connection {
  readonly #settings: NodeSettings;
  readonly #peer: Member;
  readonly #counters: Counters;
  #socket: TLSSocket | null = null;
  #isReady = false;
  /** Frames that are not acknowledged. Of these the first `#written` were written to the connection that there is. */
  #waiting: WaitingFrame[] = [];
  #waitingBytes = 0;
  #written = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: NodeSettings, peer: Member, counters: Counters) {
    this.#settings = settings;
    this.#peer = peer;
    this.#counters = counters;
  }

  /** How many bytes wait: not sent, or not acknowledged. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Sends a frame, as soon as that is possible. */
  send(frame: Buffer, settled: Settled = () => {}): void {
    if (this.#isClosed) return;
    if (this.#waitingBytes + frame.length > waitingBytesMax) {
      this.#counters.drop("queue-full");
      settled(false);
      return;
    }
    this.#waiting.push({ frame, settled });
    this.#waitingBytes += frame.length;
    if (this.#socket === null && this.#retry === undefined) this.#connect();
    else this.#pump();
  }

  /** Ends the connection once what waits is written, or at once if nobody is there. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    if (!this.#isReady || socket === null) return void socket?.destroy();
    for (const { frame } of this.#waiting.slice(this.#written)) socket.write(frame);
    socket.end();
    const force = setTimeout(() => socket.destroy(), endMs); // a receiver that does not answer
    socket.on("close", () => clearTimeout(force));
  }

  #connect(): void {
    this.#retry = undefined;
    const { host, port } = this.#peer;
    const socket = connect({
      ...tlsOptions(this.#settings),
      ...{ host, port },
      ca: [...certificatesOf(this.#peer)],
      checkServerIdentity: () => undefined, // the certificate itself is pinned, whatever name it bears
    });
    this.#socket = socket;
    this.#watchSilence();
    socket.setNoDelay(true);
    socket.on("secureConnect", () => {
      const known = shownBy(socket, this.#settings);
      if (known === null) return void socket.destroy();
      whenEnded(known, socket, () => socket.destroy()); // what is not acknowledged waits for a connection with a newer one
      this.#isReady = true;
      this.#watchSilence();
      this.#pump();
    });
    const acknowledgements = new AcknowledgementReader((count) => this.#acknowledged(count));
    socket.on("drain", () => this.#pump());
    socket.on("data", (chunk: Buffer) => acknowledgements.push(chunk));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => this.#lost());
  }

  /** The receiver has handled so many more. */
  #acknowledged(count: number): void {
    if (this.#isClosed) return;
    if (count > this.#written) return void this.#socket?.destroy(); // it acknowledges what it was not sent
    for (const { frame, settled } of this.#waiting.splice(0, count)) {
      this.#waitingBytes -= frame.length;
      settled(true);
    }
    this.#written -= count;
    // Only this shows that the receiver takes the connection: it may refuse a certificate after the sender's side stands.
    this.#failures = 0;
    this.#watchSilence();
  }

  /** Gives up the connection if nothing is heard for too long although something is to be heard. */
  #watchSilence(): void {
    clearTimeout(this.#silence);
    if (this.#isReady && this.#written === 0) return;
    this.#silence = setTimeout(() => this.#socket?.destroy(), silenceMs);
  }

  #lost(): void {
    this.#socket = null;
    this.#isReady = false;
    this.#written = 0;
    clearTimeout(this.#silence);
    if (this.#isClosed) return;
    // Half of the pause is drawn at random, so that nodes do not all come at once.
    const pause = Math.min(longestPauseMs, pauseMs * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  /** Writes until the socket has enough; what is left waits here, where it is bounded. */
  #pump(): void {
    const socket = this.#socket;
    if (!this.#isReady || socket === null) return;
    const isFirst = this.#written === 0;
    while (this.#written < this.#waiting.length && !socket.writableNeedDrain)
      socket.write(this.#waiting[this.#written++]!.frame);
    if (isFirst && this.#written > 0) this.#watchSilence();
  }
}
