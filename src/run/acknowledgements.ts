// Acknowledgements: how the receiver of frames says that it has handled them, on the same connection in the other direction. Each is four
// bytes, the highest first: how many frames it has handled on this connection so far, modulo 2^32. A frame counts as handled once all before it
// are and the receiver's disk has what came of it, so that the sender may forget it.

import type { TLSSocket } from "node:tls";

/** Frames are acknowledged together, after so many milliseconds. */
const delayMs = 20;

/** A sender that does not read has so many bytes of acknowledgements waiting for it at most. A later one says what earlier ones did. */
const unreadBytesMax = 4096;

const bytesOfOne = 4;

/** Acknowledges what arrives on one connection. */
export class Acknowledger {
  readonly #socket: TLSSocket;
  #arrived = 0;
  #told = 0;
  /** The numbers of the frames that are not handled, the lowest first: of those that are handled nothing is kept, however many there are. */
  readonly #open = new Set<number>();
  #due: NodeJS.Timeout | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("close", () => clearTimeout(this.#due));
  }

  /** A frame has arrived: what is to be called once it was handled. */
  arrived(): () => void {
    const number = ++this.#arrived;
    this.#open.add(number);
    return () => {
      this.#open.delete(number);
      this.#due ??= setTimeout(() => this.#acknowledge(), delayMs);
    };
  }

  /** How many numbers of frames it remembers. */
  get remembered(): number {
    return this.#open.size;
  }

  #acknowledge(): void {
    this.#due = undefined;
    const [open = this.#arrived + 1] = this.#open;
    const handled = open - 1;
    if (handled === this.#told || !this.#socket.writable) return;
    if (this.#socket.writableLength > unreadBytesMax) {
      this.#due = setTimeout(() => this.#acknowledge(), delayMs);
      return;
    }
    const bytes = Buffer.alloc(bytesOfOne);
    bytes.writeUInt32BE(handled % 2 ** 32);
    this.#socket.write(bytes);
    this.#told = handled;
  }
}

/** Reads the acknowledgements of one connection, however the stream is cut. */
export class AcknowledgementReader {
  readonly #take: (more: number) => void;
  #handled = 0;
  #unfinished = Buffer.alloc(0);

  /** `take` hears how many more frames were handled than it has heard of. */
  constructor(take: (more: number) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#unfinished, chunk]);
    const whole = bytes.length - (bytes.length % bytesOfOne);
    for (let at = 0; at < whole; at += bytesOfOne) {
      const handled = bytes.readUInt32BE(at);
      const more = (handled - this.#handled) >>> 0;
      this.#handled = handled;
      if (more > 0) this.#take(more);
    }
    this.#unfinished = bytes.subarray(whole);
  }
}
