// The write-ahead log of a node: what its behaviour calls stable, the signatures that prove it, and what its deliveries need (see
// deliveries.ts). An entry has all of that of some steps, so a crash keeps a step with the messages that it sends, or loses both; and it is on
// the disk before anything that the steps send leaves the node. Each entry is the difference from the one before. An entry that a crash has cut
// is left out with those behind it: nothing that depends on them was sent. Each entry says up to where the disk had the file when it was written:
// what is damaged before that no crash has damaged.
//
// The first entry is whole (for the form of entries see log-entries.ts). When the file has grown, it begins anew in another file, which then takes
// its place.

import { closeSync, fdatasync, fsyncSync, openSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectory, reasonOf, removeQuietly, syncDirectory, writeAll } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { SentMessage, Standing } from "./deliveries.js";
import { difference, type Patch, patched } from "./json-patch.js";
import { entriesIn, entryOf } from "./log-entries.js";
import type { KeptSignature } from "./signatures.js";

/** A file that is larger than this, and than twice what it began with, begins anew. */
const renewBytes = 16 * 2 ** 20;

/** What is written of steps: a whole state, and the signatures and messages that are new. */
export interface LogEntry {
  readonly stable: Json;
  readonly signatures: readonly KeptSignature[];
  readonly standing: Standing;
  readonly sent: readonly SentMessage[];
}

/** All signatures and all messages that are to be kept, for a log that begins anew. */
export type Whole = () => Pick<LogEntry, "signatures" | "sent">;

/** What a node finds after a crash. Of a log of an earlier version it knows no standing. */
export interface Recovered extends Omit<LogEntry, "standing"> {
  readonly standing: Standing | null;
}

interface First {
  readonly format: "turncoat-log";
  readonly version: 1;
  readonly cluster: string;
  readonly node: NodeId;
  readonly stable: Json;
  readonly signatures: readonly KeptSignature[];
  readonly standing?: Standing;
  readonly sent?: readonly SentMessage[];
}

interface Later {
  /** Of the stable state. */
  readonly patch?: Patch;
  readonly signatures?: readonly KeptSignature[];
  /** Of the standing. */
  readonly standing?: Patch;
  readonly sent?: readonly SentMessage[];
  /** How many bytes of the file the disk had before this was written. Earlier versions did not say: all. */
  readonly synced: number;
}

/** The log of one node. */
export class DurableLog {
  readonly #file: string;
  readonly #owner: Pick<First, "cluster" | "node">;
  #descriptor: number | null = null;
  /** What {@link fillDisk} has put `/dev/full` in place of. */
  #replaced: number | null = null;
  #bytes = 0;
  #synced = 0;
  #beganWith = 0;
  #stable: Json = null;
  #standing: Standing | null = null;

  readonly #onSync: (seconds: number) => void;

  /** What is there already is read by {@link recover}; `synced` hears how long each sync has taken. */
  constructor(
    file: string,
    owner: Pick<First, "cluster" | "node">,
    synced: (seconds: number) => void = () => {},
  ) {
    this.#file = file;
    this.#owner = owner;
    this.#onSync = synced;
  }

  /** What the log says, or null if there is none. @throws {UserError} `bad-file` if it is another node's, or damaged. */
  recover(): Recovered | null {
    if (statSync(this.#file, { throwIfNoEntry: false }) === undefined) return null;
    const [first, ...later] = entriesIn(this.#file) as [First | undefined, ...Later[]];
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
    let standing = (first.standing ?? null) as Json;
    const [signatures, sent] = [[...first.signatures], [...(first.sent ?? [])]];
    for (const entry of later) {
      if (entry.patch !== undefined) stable = patched(stable, entry.patch);
      if (entry.standing !== undefined) standing = patched(standing, entry.standing);
      signatures.push(...(entry.signatures ?? []));
      sent.push(...(entry.sent ?? []));
    }
    return { stable, signatures, standing: standing as unknown as Standing | null, sent };
  }

  /** Begins a new file with this in it, in place of the one that is there, and syncs it. */
  begin({ stable, signatures, standing, sent }: Recovered): void {
    this.#guarded(() => {
      makeDirectory(dirname(this.#file));
      const entry: First = {
        ...{ format: "turncoat-log", version: 1, ...this.#owner, stable, signatures, sent },
        ...(standing && { standing }),
      };
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
      this.#synced = bytes.length;
      this.#beganWith = bytes.length;
      this.#stable = stable;
      this.#standing = standing;
    });
  }

  /** Writes what has changed; the first entry begins the log. True: something that must be synced before anything is sent. */
  write(entry: LogEntry, whole: Whole): boolean {
    const { stable, signatures, standing, sent } = entry;
    if (this.#descriptor === null || this.#bytes > Math.max(renewBytes, 2 * this.#beganWith)) {
      this.begin({ ...entry, ...whole() });
      return false; // synced
    }
    const patch = difference(this.#stable, stable);
    const moved = difference(this.#standing as unknown as Json, standing as unknown as Json);
    const mustSync = patch !== null || sent.length > 0 || this.#standing?.deferred !== standing.deferred;
    if (!mustSync && moved === null && signatures.length === 0) return false;
    const later: Later = {
      ...(patch && { patch }),
      ...(signatures.length > 0 && { signatures }),
      ...(moved && { standing: moved }),
      ...(sent.length > 0 && { sent }),
      synced: this.#synced,
    };
    this.#guarded(() => {
      const bytes = entryOf(later);
      writeAll(this.#descriptor!, bytes);
      this.#bytes += bytes.length;
    });
    this.#stable = stable;
    this.#standing = standing;
    return mustSync;
  }

  /** Waits until the disk has what was written. */
  sync(): Promise<void> {
    const since = performance.now();
    const bytes = this.#bytes;
    return new Promise((resolve, reject) =>
      fdatasync(this.#descriptor!, (error) => {
        if (error !== null) return reject(this.#failed(error));
        this.#synced = bytes;
        this.#onSync((performance.now() - since) / 1000);
        resolve();
      }),
    );
  }

  /** For tests of what a node does then: from now on writing fails as it does where no space is left (Linux has a device for that). */
  fillDisk(): void {
    this.#replaced = this.#descriptor; // a sync of it may be under way
    this.#descriptor = openSync("/dev/full", "w");
  }

  close(): void {
    for (const descriptor of [this.#descriptor, this.#replaced])
      if (descriptor !== null) closeSync(descriptor);
    this.#descriptor = null;
    this.#replaced = null;
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
