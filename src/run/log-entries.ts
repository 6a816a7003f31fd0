// The form of a log: entries one after the other, each with four bytes length, four bytes CRC-32 of the content, and the content in JSON.

import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { UserError } from "../model/errors.js";

const headBytes = 8;

/** The entries of a file, without a last one that a crash has cut. @throws {UserError} `bad-file` if one before the last is damaged. */
export function entriesIn(file: string): unknown[] {
  const bytes = readFileSync(file);
  const { entries, end } = entriesOf(bytes);
  // A crash cuts the last entry. If whole ones follow, what was promised has been damaged since.
  const next = end + headBytes + (bytes.length - end >= headBytes ? bytes.readUInt32BE(end) : 0);
  if (entriesOf(bytes.subarray(next)).entries.length > 0)
    throw new UserError(
      "bad-file",
      `${file} is damaged at byte ${end}, and what stands behind it is whole: no crash does that. The node may have promised what it has lost; make a node with new keys in its place.`,
    );
  return entries;
}

/** The bytes of an entry. */
export function entryOf(entry: object): Buffer {
  const text = JSON.stringify(entry);
  const bytes = Buffer.byteLength(text);
  const out = Buffer.allocUnsafe(headBytes + bytes);
  out.write(text, headBytes);
  out.writeUInt32BE(bytes, 0);
  out.writeUInt32BE(crc32(out.subarray(headBytes)), 4);
  return out;
}

/** All entries up to the first that is cut or damaged, and where that begins. */
function entriesOf(bytes: Buffer): { readonly entries: unknown[]; readonly end: number } {
  const entries: unknown[] = [];
  let at = 0;
  while (bytes.length - at >= headBytes) {
    const end = at + headBytes + bytes.readUInt32BE(at);
    const content = bytes.subarray(at + headBytes, end);
    if (content.length === 0) break; // a crash may leave zeros at the end
    if (end > bytes.length || crc32(content) !== bytes.readUInt32BE(at + 4)) break;
    entries.push(JSON.parse(content.toString()));
    at = end;
  }
  return { entries, end: at };
}
