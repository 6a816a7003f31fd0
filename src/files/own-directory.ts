// A temporary directory of this process, which it removes when it ends. What killed processes have left of such directories is removed by
// the next process that makes one.

import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namesIn } from "./atomic.js";
import { container, isLeftBehind } from "./left-behind.js";

/** Makes a directory `turncoat-WHAT-PID-CONTAINER-RANDOM` where the system has temporary files, or in `place`. `what`: a word. */
export function ownDirectory(what: string, place = tmpdir()): string {
  const name = new RegExp(`^turncoat-${what}-(\\d+)-${container}-\\w{6}$`);
  for (const one of namesIn(place)) {
    const pid = name.exec(one)?.[1];
    if (pid !== undefined && isOwn(join(place, one)) && isLeftBehind(join(place, one), Number(pid)))
      removeQuietly(join(place, one));
  }
  return mkdtempSync(join(place, `turncoat-${what}-${process.pid}-${container}-`));
}

/** Whether it is a directory that this user has made: anybody may write where temporary files are. */
function isOwn(file: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return (stats?.isDirectory() ?? false) && stats?.uid === process.getuid?.();
}

/** Another process may be removing it as well. */
function removeQuietly(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {}
}
