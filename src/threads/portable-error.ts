// Errors as plain data. On their way between threads they would lose their class: a UserError is sent with all it carries, any
// other one with its stack.

import type { Execution } from "../model/action.js";
import { UserError, type UserErrorCode } from "../model/errors.js";

/** An error on its way. */
export interface PortableError {
  readonly message: string;
  /** Null for a bug of our own. */
  readonly code: UserErrorCode | null;
  readonly frames: readonly string[];
  readonly property: string | null;
  readonly run: Execution | null;
  readonly origin: string | null;
  readonly traceFile: string | null;
}

/** An error as data. */
export function portableError(error: unknown): PortableError {
  if (error instanceof UserError) {
    const { message, code, frames, property, run, origin, traceFile } = error;
    return { message, code, frames, property, run, origin, traceFile };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message, code: null, frames: [], property: null, run: null, origin: null, traceFile: null };
}

/** The error that {@link portableError} was given. */
export function errorFrom({ message, code, frames, property, run, origin, traceFile }: PortableError): Error {
  if (code === null) return new Error(message);
  const error = new UserError(code, message, { frames, ...(property !== null && { property }) });
  error.run = run;
  error.origin = origin;
  error.traceFile = traceFile;
  return error;
}
