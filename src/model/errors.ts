// What can go wrong with other people's protocols, adversaries and files. These are expected errors: they carry a
// stable code and a message that says what to do, and the command line prints that message without a stack trace.

import { Impurity, purely } from "./purity.js";

/** A stable name for each expected error. */
export type UserErrorCode =
  | "protocol-threw"
  | "protocol-mutated-input"
  | "protocol-nondeterministic"
  | "protocol-malformed"
  | "property-threw"
  | "adversary-threw"
  | "adversary-malformed"
  | "bad-option"
  | "bad-file"
  | "bad-module";

/** An error whose cause lies in the input, not in Turncoat. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: UserErrorCode;
  constructor(code: UserErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Calls a function of the user's, without clocks and dice; what it throws becomes a UserError that names `what`. */
export function calling<T>(code: UserErrorCode, what: string, call: () => T): T {
  try {
    return purely(call);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Impurity)
      throw new UserError(
        code === "protocol-threw" ? "protocol-nondeterministic" : code,
        `${what} is nondeterministic: it asked ${error.message}. It must depend on its arguments alone.`,
      );
    throw new UserError(code, `${what} threw "${error instanceof Error ? error.message : String(error)}".`);
  }
}
