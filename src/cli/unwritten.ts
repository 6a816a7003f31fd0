// Files that could not be written. A verdict matters more than the file it should go to, so the verdict is
// printed first, and then, one line each, the files that could not be written and why.

import { UserError } from "../model/errors.js";
import { exitCode } from "./exit-codes.js";

const problems = new Set<string>();

/** Writes a file; null if that failed, which is reported at the end of the command. Other errors are thrown. */
export async function orSayLater<T>(write: () => Promise<T>): Promise<T | null> {
  try {
    return await write();
  } catch (error) {
    return later(error);
  }
}

/** The same, synchronously; false if it failed. */
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
 * Collects errors of standard output, which may be a file on a full disk; other files are still written. A closed pipe is
 * no error: its reader has read enough.
 */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") problems.add(`Standard output could not be written: ${error.message}`);
  });
  process.stderr.on("error", () => {});
}

/** Prints what could not be written, and returns the exit code. With a missing file even `holds` fails. */
export async function sayUnwritten(code: number): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve)); // errors of streams arrive a moment later
  const isMissing = problems.size > 0;
  for (const problem of problems) console.error(`turncoat: ${problem}`);
  problems.clear();
  return isMissing && code === exitCode.holds ? exitCode.usage : code;
}
