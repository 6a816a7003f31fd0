// A block's result as bytes, for other machines. Equal results are equal bytes, whoever has made them: what
// depends on the machine (how many steps were evaluated) is left out, and hashes are in order.
//
// Four bytes say how long the JSON is, deflated; the JSON follows, and then the hashes, which do not compress.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { UserError } from "../model/errors.js";
import type { BlockResult } from "./block.js";
import { DistinctSample } from "./sample.js";

/** The bytes of a whole block. */
export function encodeBlock({ block, counts, sample, learned, failures }: BlockResult): Uint8Array {
  const all = new DistinctSample(sample.level);
  all.merge(sample);
  const { level, hashes } = all.sorted();
  const json = deflateRawSync(JSON.stringify({ block, counts, level, learned, failures }));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  const words = Buffer.alloc(hashes.length * 4);
  for (let at = 0; at < hashes.length; at++) words.writeInt32LE(hashes[at]!, at * 4);
  return Buffer.concat([head, json, words]);
}

/** Reads them. @throws {UserError} `bad-file` for other bytes; `name` is what the error calls them. */
export function decodeBlock(bytes: Uint8Array, name: string): BlockResult {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = 4 + buffer.readUInt32LE(0);
    const { level, ...rest } = JSON.parse(inflateRawSync(buffer.subarray(4, end)).toString());
    const words = buffer.subarray(end);
    const hashes = Int32Array.from({ length: words.length / 4 }, (_, at) => words.readInt32LE(at * 4));
    return { ...rest, sample: { level, hashes }, stepCalls: 0, isCut: false };
  } catch (error) {
    throw new UserError("bad-file", `${name} is damaged: ${(error as Error).message}`);
  }
}
