// Files that could not be written. What was found is more important than where it should have gone: so the verdict is told first,
// and then, one line each, what could not be written and why.

import { UserError } from "../model/errors.js";
import { exitCode } from "./exit-codes.js";

const problems = new Set<string>();

/** Writes; null if that was not possible, which is said at the end. Other errors are thrown. */
export async function orSayLater<T>(write: () => Promise<T>): Promise<T | null> {
  try {
    return await write();
  } catch (error) {
    return later(error);
  }
}

/** The same at once; false if that was not possible. */
export function orSayLaterNow(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    return later(error) !== null;
  }
}

function later(error: unknown): null {
  if (!(error instanceof UserError) || error.code !== "bad-file") throw error;
  problems.add(error.message);
  return null;
}

/**
 * Standard output may be a file on a full disk, too: what can be written elsewhere is written all the same. Whoever closes a pipe
 * has read enough.
 */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") problems.add(`Standard output could not be written: ${error.message}`);
  });
  process.stderr.on("error", () => {});
}

/** Says what could not be written. The exit code: a verdict that would pass does not, for something asked for is missing. */
export async function sayUnwritten(code: number): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve)); // errors of streams come a moment later
  for (const problem of problems) console.error(`turncoat: ${problem}`);
  return problems.size > 0 && code === exitCode.holds ? exitCode.usage : code;
}
