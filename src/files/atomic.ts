// Atomic file writing: a file is complete from the moment it exists, and an earlier one stays until then. Every file of ours is
// written here. The text goes to a temporary file in the same directory, which is then renamed; what a killed process has left
// of such files is removed by whoever writes into that directory next.

import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../model/errors.js";
import { host, isLeftBehind } from "./left-behind.js";

/** `.turncoat-PID-HOST-RANDOM.tmp` */
const temporary = /^\.turncoat-(\d+)-([0-9a-f]{8})-[0-9a-f]+\.tmp$/;

const foreignAgeMs = 24 * 3600 * 1000;

/** Directories that this process has tidied. */
const tidied = new Set<string>();

/**
 * Writes a file in place of an older one; its directory is made if need be. `content` is the text, or a function that writes
 * to a descriptor piece by piece. If anything fails, the older file stays and nothing else is left. `mode` says who may use a new
 * file; default: as the process's umask has it.
 *
 * Devices, pipes and the like (`/dev/null`) are written to as they are.
 *
 * ```ts
 * writeAtomically("traces/a.json", "{}\n");
 * ```
 * @throws {UserError} `bad-file` with the file and the reason.
 */
export function writeAtomically(
  file: string,
  content: string | ((descriptor: number) => void),
  mode = 0o666,
): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new Error("it is a directory");
    if (existing && !existing.isFile()) fill(openSync(file, "w"), content);
    else replace(file, existing, content, mode);
  } catch (error) {
    throw new UserError("bad-file", `${file} could not be written: ${reasonOf(error)}`);
  }
}

/** Adds text to the end of a file. Text that does not fit is taken away again: a file of lines has whole lines only. */
export function appendTo(file: string, text: string): void {
  try {
    fill(openSync(file, "a"), (descriptor) => {
      const before = fstatSync(descriptor);
      try {
        writeAll(descriptor, Buffer.from(text));
      } catch (error) {
        if (before.isFile()) ftruncateSync(descriptor, before.size);
        throw error;
      }
    });
  } catch (error) {
    throw new UserError("bad-file", `${file} could not be written: ${reasonOf(error)}`);
  }
}

/** What has to be said of an error in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function replace(
  file: string,
  existing: Stats | undefined,
  content: string | ((descriptor: number) => void),
  mode: number,
): void {
  // What is renamed over a link would replace the link, and what is read-only is so on purpose.
  const target = existing ? realpathSync(file) : file;
  if (existing) accessSync(target, constants.W_OK);
  const directory = dirname(target);
  makeDirectories(directory);
  removeStale(directory);
  const unfinished = join(
    directory,
    `.turncoat-${process.pid}-${host}-${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    fill(openSync(unfinished, "wx", existing ? existing.mode & 0o777 : mode), content);
    renameSync(unfinished, target);
  } catch (error) {
    removeQuietly(unfinished);
    throw error;
  }
}

function fill(descriptor: number, content: string | ((descriptor: number) => void)): void {
  try {
    if (typeof content === "function") content(descriptor);
    else writeAll(descriptor, Buffer.from(content));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a directory and those above it that are missing, and waits until the disk has the names of all that are new: what is synced in a
 * directory is lost in a power cut as long as the disk does not know the directory. @throws what the system says.
 */
export function makeDirectory(directory: string, mode?: number): void {
  for (const made of [...makeDirectories(directory, mode)].reverse()) syncDirectory(dirname(made));
}

/** As {@link makeDirectory}, for what a user has named. @throws {UserError} `bad-file` with the reason. */
export function makeNamedDirectory(directory: string, mode?: number): void {
  try {
    makeDirectory(directory, mode);
  } catch (error) {
    throw new UserError("bad-file", `${directory} cannot be a directory for files: ${reasonOf(error)}.`);
  }
}

/**
 * Makes a directory and those above it that are missing: those that it has made, the highest first. Where a directory takes no others, Node's own
 * recursive `mkdir` may never return. @throws what the system says.
 */
export function makeDirectories(directory: string, mode?: number): readonly string[] {
  const missing: string[] = [];
  for (let at = resolve(directory); !existsSync(at); at = dirname(at)) missing.unshift(at);
  if (missing.length === 0 && !statSync(directory).isDirectory()) mkdirSync(directory); // says that it is there
  return missing.filter((at) => {
    try {
      mkdirSync(at, mode);
      return true;
    } catch (error) {
      // Another process may have made it meanwhile.
      if (statSync(at, { throwIfNoEntry: false })?.isDirectory()) return false;
      throw error;
    }
  });
}

/** Waits until the disk has the names of the files in a directory. @throws what the system says. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes all bytes; the operating system may take a part of them at a time. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

/** Removes what killed processes have left in a directory. Done once for each directory; what cannot be removed stays. */
export function removeStale(directory: string): void {
  if (tidied.has(directory)) return;
  tidied.add(directory);
  for (const name of namesIn(directory)) {
    const [, pid, owner] = temporary.exec(name) ?? [];
    const file = join(directory, name);
    if (pid !== undefined && isStale(file, Number(pid), owner!)) removeQuietly(file);
  }
}

/** Of another machine nobody can tell whether a process runs: after a day it is taken for dead. */
function isStale(file: string, pid: number, owner: string): boolean {
  if (owner === host) return isLeftBehind(file, pid);
  const modifiedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return modifiedAt !== undefined && Date.now() - modifiedAt > foreignAgeMs;
}

/** The names in a directory; none if it may not be listed, or is not there. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Removes a file if that is possible: what there is to say is something else, and not why this could not be removed. */
export function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}
