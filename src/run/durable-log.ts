// The write-ahead log of a node: what its behaviour calls stable, and the signatures that prove it. What a step
// makes stable is on the disk before anything that the step sends leaves the node. Each entry is the difference
// from the one before. An entry that a crash has cut is left out: nothing that depends on it was sent.
//
// A file of entries: four bytes length, four bytes CRC-32 of the content, the content in JSON. The first entry is
// whole. When the file has grown, it begins anew in another file, which then takes its place.

import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { reasonOf, removeQuietly, writeAll } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import type { Json, NodeId } from "../protocol/index.js";
import { difference, type Patch, patched } from "./json-patch.js";
import type { KeptSignature } from "./signatures.js";

/** A file that is larger than this, and than twice what it began with, begins anew. */
const renewBytes = 16 * 2 ** 20;

const headBytes = 8;

/** What a node finds after a crash. */
export interface Recovered {
  readonly stable: Json;
  readonly signatures: readonly KeptSignature[];
}

interface First {
  readonly format: "turncoat-log";
  readonly version: 1;
  readonly cluster: string;
  readonly node: NodeId;
  readonly stable: Json;
  readonly signatures: readonly KeptSignature[];
}

interface Later {
  readonly patch?: Patch;
  readonly signatures?: readonly KeptSignature[];
}

/** The log of one node. */
export class DurableLog {
  readonly #file: string;
  readonly #owner: Pick<First, "cluster" | "node">;
  #descriptor: number | null = null;
  #bytes = 0;
  #beganWith = 0;
  #stable: Json = null;

  readonly #synced: (seconds: number) => void;

  /** What is there already is read by {@link recover}; `synced` hears how long each sync has taken. */
  constructor(
    file: string,
    owner: Pick<First, "cluster" | "node">,
    synced: (seconds: number) => void = () => {},
  ) {
    this.#file = file;
    this.#owner = owner;
    this.#synced = synced;
  }

  /** What the log says, or null if there is none. @throws {UserError} `bad-file` if it is another node's, or damaged. */
  recover(): Recovered | null {
    if (statSync(this.#file, { throwIfNoEntry: false }) === undefined) return null;
    const [first, ...later] = this.#entries() as [First | undefined, ...Later[]];
    if (first === undefined) return null; // it was cut as it began: nothing was promised
    if (first.format !== "turncoat-log" || first.version !== 1)
      throw new UserError("bad-file", `${this.#file} is not the log of a node, or one of a newer version.`);
    const { cluster, node } = this.#owner;
    if (first.cluster !== cluster || first.node !== node)
      throw new UserError(
        "bad-file",
        `${this.#file} is the log of ${first.node} in the cluster ${first.cluster}, not of ${node} in ${cluster}: use another directory.`,
      );
    let { stable } = first;
    const signatures = [...first.signatures];
    for (const { patch, signatures: more = [] } of later) {
      if (patch !== undefined) stable = patched(stable, patch);
      signatures.push(...more);
    }
    return { stable, signatures };
  }

  #entries(): unknown[] {
    const bytes = readFileSync(this.#file);
    const { entries, end } = entriesOf(bytes);
    // A crash cuts the last entry. If whole ones follow, what was promised has been damaged since.
    const next = end + headBytes + (bytes.length - end >= headBytes ? bytes.readUInt32BE(end) : 0);
    if (entriesOf(bytes.subarray(next)).entries.length > 0)
      throw new UserError(
        "bad-file",
        `${this.#file} is damaged at byte ${end}, and what stands behind it is whole: no crash does that. The node may have promised what it has lost; make a node with new keys in its place.`,
      );
    return entries;
  }

  /** Begins a new file with this in it, in place of the one that is there, and syncs it. */
  begin(stable: Json, signatures: readonly KeptSignature[]): void {
    this.#guarded(() => {
      mkdirSync(dirname(this.#file), { recursive: true });
      const entry: First = { format: "turncoat-log", version: 1, ...this.#owner, stable, signatures };
      const unfinished = `${this.#file}.new`;
      removeQuietly(unfinished);
      const descriptor = openSync(unfinished, "wx", 0o600);
      const bytes = entryOf(entry);
      writeAll(descriptor, bytes);
      fsyncSync(descriptor);
      renameSync(unfinished, this.#file);
      syncDirectory(dirname(this.#file));
      if (this.#descriptor !== null) closeSync(this.#descriptor);
      this.#descriptor = descriptor;
      this.#bytes = bytes.length;
      this.#beganWith = bytes.length;
      this.#stable = stable;
    });
  }

  /** Writes what has changed. True: something that must be synced before anything is sent. */
  write(stable: Json, fresh: readonly KeptSignature[], all: () => readonly KeptSignature[]): boolean {
    const patch = difference(this.#stable, stable);
    if (patch === null && fresh.length === 0) return false;
    if (this.#bytes > Math.max(renewBytes, 2 * this.#beganWith)) {
      this.begin(stable, all());
      return false; // synced
    }
    const entry: Later = { ...(patch && { patch }), ...(fresh.length > 0 && { signatures: fresh }) };
    this.#guarded(() => {
      const bytes = entryOf(entry);
      writeAll(this.#descriptor!, bytes);
      this.#bytes += bytes.length;
    });
    this.#stable = stable;
    return patch !== null;
  }

  /** Waits until the disk has what was written. */
  sync(): Promise<void> {
    const since = performance.now();
    return new Promise((resolve, reject) =>
      fdatasync(this.#descriptor!, (error) => {
        if (error !== null) return reject(this.#failed(error));
        this.#synced((performance.now() - since) / 1000);
        resolve();
      }),
    );
  }

  /** For tests of what a node does then: from now on writing fails as it does where no space is left (Linux has a device for that). */
  fillDisk(): void {
    const full = openSync("/dev/full", "w");
    this.close();
    this.#descriptor = full;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #guarded(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** A node whose log cannot be written must not go on: it would promise what it may forget. */
  #failed(error: unknown): UserError {
    return new UserError("bad-file", `${this.#file} could not be written: ${reasonOf(error)}`);
  }
}

function entryOf(entry: First | Later): Buffer {
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

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
