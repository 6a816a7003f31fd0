// Frames: how messages are told apart in a stream of bytes. A frame is its length in four bytes, the highest
// first, and then so many bytes.

/** What is longer is refused unread. */
export const frameBytesMax = 1 << 20;

const headBytes = 4;

/** A frame with this content, or null if that is longer than {@link frameBytesMax}. */
export function frameOf(text: string): Buffer | null {
  const bytes = Buffer.byteLength(text);
  if (bytes > frameBytesMax) return null;
  const frame = Buffer.allocUnsafe(headBytes + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame.write(text, headBytes);
  return frame;
}

/**
 * Takes frames out of the chunks of a stream. It holds at most one unfinished frame, and as much memory as has
 * arrived of it (up to twice): neither an announced length nor a byte at a time makes it hold more.
 */
export class FrameReader {
  readonly #take: (content: Buffer) => void;
  #held = Buffer.alloc(0);
  #used = 0;

  constructor(take: (content: Buffer) => void) {
    this.#take = take;
  }

  /** Hands over the frames that end in this chunk. False: a frame is too long, and the stream is of no more use. */
  push(chunk: Buffer): boolean {
    let rest = chunk;
    if (this.#used > 0) {
      this.#hold(chunk);
      rest = this.#held.subarray(0, this.#used);
    }
    const isFromHeld = this.#used > 0;
    let at = 0;
    while (rest.length - at >= headBytes) {
      const bytes = rest.readUInt32BE(at);
      if (bytes > frameBytesMax) return false;
      if (rest.length - at < headBytes + bytes) break;
      this.#take(rest.subarray(at + headBytes, at + headBytes + bytes));
      at += headBytes + bytes;
    }
    if (isFromHeld) this.#held.copyWithin(0, at, this.#used);
    if (isFromHeld) this.#used -= at;
    else if (at < rest.length) this.#hold(rest.subarray(at));
    if (this.#used === 0) this.#held = Buffer.alloc(0);
    return true;
  }

  #hold(bytes: Buffer): void {
    const needed = this.#used + bytes.length;
    if (needed > this.#held.length) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#held.length));
      this.#held.copy(grown, 0, 0, this.#used);
      this.#held = grown;
    }
    bytes.copy(this.#held, this.#used);
    this.#used = needed;
  }
}
