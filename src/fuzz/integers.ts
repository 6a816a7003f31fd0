// Arrays of 32-bit integers as bytes, little-endian on every machine.

/** The bytes of integers. */
export function bytesOf(integers: Int32Array): Buffer {
  const bytes = Buffer.alloc(integers.length * 4);
  for (let at = 0; at < integers.length; at++) bytes.writeInt32LE(integers[at] as number, at * 4);
  return bytes;
}

/** The integers in bytes; a rest of fewer than four is left out. */
export function integersIn(bytes: Buffer): Int32Array {
  return Int32Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readInt32LE(at * 4));
}
