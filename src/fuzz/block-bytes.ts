// A block's result as bytes, for other machines. Equal results are equal bytes, whoever has made them: what
// depends on the machine (how many steps were evaluated) is left out, and hashes are in order.
//
// Four bytes say how long the JSON is, deflated; the JSON follows, and then the integers of both samples, which
// do not compress.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { UserError } from "../model/errors.js";
import type { BlockResult } from "./block.js";
import { bytesOf, integersIn } from "./integers.js";
import { DistinctSample } from "./sample.js";

/** The bytes of a whole block. */
export function encodeBlock({
  block,
  counts,
  sample,
  incidence,
  learned,
  failures,
}: BlockResult): Uint8Array {
  const all = new DistinctSample(sample.level);
  all.merge(sample);
  const { level, hashes } = all.sorted();
  const levels = { level, incidenceLevel: incidence.level, marks: incidence.marks.length };
  const json = deflateRawSync(JSON.stringify({ block, counts, ...levels, learned, failures }));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  return Buffer.concat([head, json, bytesOf(incidence.marks), bytesOf(hashes)]);
}

/** Reads them. @throws {UserError} `bad-file` for other bytes; `name` is what the error calls them. */
export function decodeBlock(bytes: Uint8Array, name: string): BlockResult {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = 4 + buffer.readUInt32LE(0);
    const json = JSON.parse(inflateRawSync(buffer.subarray(4, end)).toString());
    const { level, incidenceLevel, marks, ...rest } = json;
    const integers = integersIn(buffer.subarray(end));
    return {
      ...rest,
      sample: { level, hashes: integers.subarray(marks) },
      incidence: { level: incidenceLevel, marks: integers.subarray(0, marks) },
      ...{ stepCalls: 0, isCut: false },
    };
  } catch (error) {
    throw new UserError("bad-file", `${name} is damaged: ${(error as Error).message}`);
  }
}
