// Errors as plain data, to be sent between threads, where they would lose their class: a UserError with all
// its fields, any other error with its stack.

import type { Execution } from "../model/action.js";
import { UserError, type UserErrorCode } from "../model/errors.js";

/** An error as data. */
export interface PortableError {
  readonly message: string;
  /** Null for a bug of Turncoat. */
  readonly code: UserErrorCode | null;
  readonly frames: readonly string[];
  readonly property: string | null;
  readonly run: Execution | null;
  readonly origin: string | null;
  readonly traceFile: string | null;
}

/** Converts an error to data. */
export function portableError(error: unknown): PortableError {
  if (error instanceof UserError) {
    const { message, code, frames, property, run, origin, traceFile } = error;
    return { message, code, frames, property, run, origin, traceFile };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message, code: null, frames: [], property: null, run: null, origin: null, traceFile: null };
}

/** Converts the data back to an error. */
export function errorFrom({ message, code, frames, property, run, origin, traceFile }: PortableError): Error {
  if (code === null) return new Error(message);
  const error = new UserError(code, message, { frames, ...(property !== null && { property }) });
  error.run = run;
  error.origin = origin;
  error.traceFile = traceFile;
  return error;
}
