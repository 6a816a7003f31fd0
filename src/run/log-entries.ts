// The form of a log: entries one after the other, each with four bytes length, four bytes CRC-32 of the content, and the content in JSON.

import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { UserError } from "../model/errors.js";

const headBytes = 8;

/** An entry, as far as this file knows it: up to where the disk had the file before the entry was written. Undefined: it does not say. */
interface Entry {
  readonly synced?: number;
}

/**
 * The entries of a file, up to the first that a crash has damaged: a power cut may lose any part of what was not synced.
 *
 * @throws {UserError} `bad-file` if one is damaged that had been synced before a later one was written.
 */
export function entriesIn(file: string): unknown[] {
  const bytes = readFileSync(file);
  const { entries, end } = entriesOf(bytes, 0);
  if (entriesBehind(bytes, end).some(({ synced = bytes.length }) => synced > end))
    throw new UserError(
      "bad-file",
      `${file} is damaged at byte ${end}, which was on the disk before what stands behind it was written: neither a crash nor a power cut does that. The node may have promised what it has lost; make a node with new keys in its place.`,
    );
  return entries;
}

/** The whole entries behind a damaged one, whose length may be damaged as well. */
function entriesBehind(bytes: Buffer, damaged: number): readonly Entry[] {
  const found: Entry[] = [];
  for (let at = damaged + 1; at < bytes.length; at++) {
    const { entries, end } = entriesOf(bytes, at);
    found.push(...entries);
    at = Math.max(at, end - 1);
  }
  return found;
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

/** All entries from a place up to the first that is cut or damaged, and where that begins. */
function entriesOf(bytes: Buffer, from: number): { readonly entries: Entry[]; readonly end: number } {
  const entries: Entry[] = [];
  let at = from;
  while (bytes.length - at >= headBytes) {
    const end = at + headBytes + bytes.readUInt32BE(at);
    if (end > bytes.length || end === at + headBytes) break; // a crash may leave zeros at the end
    const content = bytes.subarray(at + headBytes, end);
    if (crc32(content) !== bytes.readUInt32BE(at + 4)) break;
    entries.push(JSON.parse(content.toString()));
    at = end;
  }
  return { entries, end: at };
}
