// A search on disk, so that it can go on after an interrupt, a limit or a crash. Interned ids mean something in one process
// only; so the file begins with what they stand for (components, observations, actions, as data), followed by the records
// of the visited set, in the order of discovery, and a digest of everything. It is complete from the moment it exists.
//
// Layout: 8 bytes with the length of the header, the header (JSON), records of width + 1 little-endian 32-bit integers
// (the vector, the parent), 32 bytes SHA-256.

import { createHash, type Hash, randomUUID } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Channels, PortableInbox } from "../model/channels.js";
import { UserError } from "../model/errors.js";
import type { PortableComponent } from "../model/node-table.js";
import type { PortableCause } from "../model/reactions.js";
import type { TransitionSystem } from "../model/system.js";
import type { Json } from "../protocol/index.js";
import { version } from "../version.js";
import type { StateList } from "./state-list.js";
import type { Reduction } from "./verdict.js";
import type { VisitedSet } from "./visited.js";

const format = "turncoat-checkpoint";
const recordsAtOnce = 1 << 14;

/** What a search has counted so far. */
export interface Counters {
  readonly transitions: number;
  readonly decisions: number;
  readonly expanded: number;
  readonly depth: number;
  readonly levelEnd: number;
  readonly seconds: number;
  /** Whether the records have parents. */
  readonly hasPaths: boolean;
}

/** What stands before the records. */
export interface CheckpointHeader {
  readonly format: typeof format;
  readonly turncoat: string;
  /** What is being checked, in the words of whoever asked: compared when the search is resumed. */
  readonly setting: Json;
  readonly reduction: Reduction;
  readonly counters: Counters;
  readonly components: readonly (readonly PortableComponent[])[];
  readonly observations: readonly (readonly Json[])[];
  /** Absent where there are none: on `async`. */
  readonly inboxes?: readonly PortableInbox[];
  readonly causes: readonly PortableCause[];
  readonly states: number;
}

/** Writes a checkpoint, in place of an older one. @throws {UserError} `bad-file` if that is not possible. */
export function writeCheckpoint(
  file: string,
  setting: Json,
  reduction: Reduction,
  system: TransitionSystem,
  states: StateList,
  counters: Counters,
): void {
  const header: CheckpointHeader = {
    format,
    turncoat: version,
    setting,
    reduction,
    counters,
    components: system.nodes.map((table) => table.localOf.map((_, component) => table.describe(component))),
    observations: Array.from({ length: system.observations.count }, (_, id) =>
      system.observations.monitorStates(id),
    ),
    ...(system.channels && { inboxes: inboxesOf(system.channels) }),
    causes: system.reactions.describeCauses(),
    states: states.count,
  };
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(unfinished, "w");
    try {
      writeAll(descriptor, header, states);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new UserError(
      "bad-file",
      `The checkpoint ${file} could not be written: ${(error as Error).message}`,
    );
  }
}

function inboxesOf(channels: Channels): PortableInbox[] {
  return Array.from({ length: channels.count }, (_, inbox) => channels.describe(inbox));
}

function writeAll(descriptor: number, header: CheckpointHeader, states: StateList): void {
  const hash = createHash("sha256");
  const put = (bytes: Uint8Array) => {
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  put(length);
  put(text);
  const stride = states.width + 1;
  const records = new Int32Array(recordsAtOnce * stride);
  const vector = new Int32Array(states.width);
  for (let first = 0; first < states.count; first += recordsAtOnce) {
    const count = Math.min(recordsAtOnce, states.count - first);
    for (let index = 0; index < count; index++) {
      records.set(states.read(first + index, vector), index * stride);
      records[index * stride + states.width] = states.parent(first + index);
    }
    put(new Uint8Array(records.buffer, 0, count * stride * 4));
  }
  const digest = hash.digest();
  for (let at = 0; at < digest.length; ) at += writeSync(descriptor, digest, at);
}

/** Reads what a checkpoint is about, without its records. @throws {UserError} `bad-file` if it is none. */
export function readCheckpointHeader(file: string): CheckpointHeader {
  return reading(file, (descriptor) => headerOf(file, descriptor, createHash("sha256")).header);
}

/**
 * Restores a checkpoint into a new system and visited set, and returns its header.
 *
 * @throws {UserError} `bad-file` if it is damaged, foreign, of another version, or about another setting or protocol.
 */
export function restoreCheckpoint(
  file: string,
  setting: Json,
  reduction: Reduction,
  system: TransitionSystem,
  visited: VisitedSet,
): CheckpointHeader {
  return reading(file, (descriptor) => {
    const hash = createHash("sha256");
    const { header, size } = headerOf(file, descriptor, hash);
    if (JSON.stringify([header.setting, header.reduction]) !== JSON.stringify([setting, reduction]))
      throw new UserError(
        "bad-file",
        `${file} is a checkpoint of another run: ${JSON.stringify(header.setting)}.`,
      );
    const components = header.components.map((list, node) =>
      Int32Array.from(list, (component) => system.nodes[node]!.adopt(component)),
    );
    const observations = Int32Array.from(header.observations, (states) => system.observations.adopt(states));
    const inboxes = Int32Array.from(header.inboxes ?? [], (inbox) => system.channels!.adopt(inbox));
    system.reactions.adoptCauses(header.causes);
    const stride = visited.width + 1;
    const left = size - 32;
    if (left !== header.states * stride * 4) throw damaged(file);
    const vector = new Int32Array(visited.width);
    const last = visited.width - 1;
    const count = system.nodes.length;
    const inboxEnd = system.channels ? 2 * count : count;
    for (let first = 0; first < header.states; first += recordsAtOnce) {
      const bytes = take(file, descriptor, Math.min(recordsAtOnce, header.states - first) * stride * 4);
      hash.update(bytes);
      const records = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      for (let at = 0; at < records.length; at += stride) {
        for (let node = 0; node < count; node++) vector[node] = components[node]![records[at + node]!] ?? -1;
        for (let place = count; place < inboxEnd; place++)
          vector[place] = inboxes[records[at + place]!] ?? -1;
        for (let place = inboxEnd; place < last; place++) vector[place] = records[at + place]!;
        vector[last] = observations[records[at + last]!] ?? -1;
        if (vector.includes(-1)) throw damaged(file);
        visited.add(vector, records[at + visited.width]!);
      }
    }
    if (!hash.digest().equals(take(file, descriptor, 32))) throw damaged(file);
    if (!beginsAs(system, visited))
      throw new UserError("bad-file", `${file} is a checkpoint of another version of the protocol.`);
    return header;
  });
}

/** Whether the states that were discovered first are the initial ones. */
function beginsAs(system: TransitionSystem, visited: VisitedSet): boolean {
  const initial = new Set(system.initial().map(({ vector }) => `${vector}`));
  const vector = new Int32Array(visited.width);
  const end = Math.min(initial.size, visited.count);
  for (let state = 0; state < end; state++)
    if (visited.parent(state) !== -1 || !initial.delete(`${visited.read(state, vector)}`)) return false;
  return initial.size === 0;
}

function headerOf(file: string, descriptor: number, hash: Hash): { header: CheckpointHeader; size: number } {
  const { size } = fstatSync(descriptor);
  if (size < 8) throw damaged(file);
  const length = take(file, descriptor, 8);
  const bytes = Number(length.readBigUInt64LE());
  if (bytes > size - 8) throw damaged(file);
  const text = take(file, descriptor, bytes);
  hash.update(length);
  hash.update(text);
  let header: CheckpointHeader;
  try {
    header = JSON.parse(text.toString()) as CheckpointHeader;
  } catch {
    throw damaged(file);
  }
  if (header.format !== format) throw damaged(file);
  if (header.turncoat !== version)
    throw new UserError(
      "bad-file",
      `${file} was written by Turncoat ${header.turncoat}, and this is ${version}.`,
    );
  return { header, size: size - 8 - bytes };
}

function take(file: string, descriptor: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let at = 0; at < length; ) {
    const read = readSync(descriptor, bytes, at, length - at, null);
    if (read === 0) throw damaged(file);
    at += read;
  }
  return bytes;
}

function reading<T>(file: string, read: (descriptor: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new UserError("bad-file", `${file} could not be read: ${(error as Error).message}`);
  }
  try {
    return read(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function damaged(file: string): UserError {
  return new UserError("bad-file", `${file} is not a checkpoint of Turncoat, or it is damaged.`);
}
