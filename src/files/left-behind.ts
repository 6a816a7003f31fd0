// What a killed process leaves behind: files and directories whose names have its number and its machine.

import { createHash } from "node:crypto";
import { readlinkSync, statSync } from "node:fs";
import { hostname } from "node:os";

/** Process ids mean something on one machine only. */
export const host = digest(hostname());

/** And in one container, if two of them share a directory and the name of the machine. */
export const container = digest(`${hostname()} ${processNamespace()}`);

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Linux counts the processes of a container anew; other systems have one count. */
function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Whether the process of this machine that has made a file or directory is gone. */
export function isLeftBehind(file: string, pid: number): boolean {
  const modifiedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (modifiedAt === undefined) return false;
  // Of an earlier process with the same number, as is usual in containers.
  if (pid === process.pid) return modifiedAt < startedAtMs();
  return !isRunning(pid);
}

/**
 * When this process began, or earlier: what it has made itself must not look older. The clock may have been set forwards since, or the machine
 * may have slept, which `process.uptime()` does not count; or it may have been set backwards, so that now is before the beginning.
 */
function startedAtMs(): number {
  return Math.min(performance.timeOrigin, Date.now() - process.uptime() * 1000);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
