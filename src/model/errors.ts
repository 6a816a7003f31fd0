// Errors of user protocols, adversaries and files. They are expected: each has a stable code and a message
// that says what to do. If user code threw, the error has the lines of its stack, and if a run led there, the
// run. The command line prints both, and never Turncoat's own stack.

import type { Execution } from "./action.js";
import { brief } from "./brief.js";
import { thrownText, userFrames } from "./user-frames.js";
import { visibleText } from "./visible-text.js";

/** What can be wrong with a protocol, a property or an adversary at work, so that a run leads to it. */
export const faultCodes = [
  "protocol-threw",
  "protocol-mutated-input",
  "protocol-nondeterministic",
  "protocol-malformed",
  "property-threw",
  "adversary-threw",
  "adversary-malformed",
] as const;

/** A fault of somebody's code: see {@link faultCodes}. */
export type FaultCode = (typeof faultCodes)[number];

import { calls } from "../watch/calls.js";
import { Abandoned } from "../watch/clock.js";
import { Impurity, purely } from "./purity.js";

/** A stable name for each expected error. */
export type UserErrorCode = FaultCode | "bad-option" | "bad-file" | "bad-module";

/** What is known besides the message. */
export interface UserErrorDetails {
  /** The lines of the user's stack: see `userFrames`. Default: none. */
  readonly frames?: readonly string[];
  /** The property that is at fault, if it is one. */
  readonly property?: string;
}

/** Marks errors of this class, whichever copy of this file made them: a user's module may bring one of its own. */
const mark = Symbol.for("turncoat.UserError");

/** An error whose cause lies in the input, not in Turncoat. */
export class UserError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && mark in value;
  }

  override readonly name = "UserError";
  readonly code: UserErrorCode;
  /** Where it was thrown in the user's files, innermost first; empty if nothing was thrown there. */
  readonly frames: readonly string[];
  /** The property that is at fault; null if it is something else. */
  readonly property: string | null;
  /** The run that ends with it, added by whoever makes runs; null outside runs, or if it is not known. */
  run: Execution | null = null;
  /** How to make that run again, in words; null if there is nothing to say. */
  origin: string | null = null;
  /** Where the run stands as a trace; null if it was not written. */
  traceFile: string | null = null;

  constructor(code: UserErrorCode, message: string, { frames = [], property }: UserErrorDetails = {}) {
    super(visibleText(brief(message)));
    Object.defineProperty(this, mark, { value: true });
    this.code = code;
    this.frames = frames;
    this.property = property ?? null;
  }
}

/** Whether an error is a fault of somebody's code: see {@link faultCodes}. */
export function isFault(error: unknown): error is UserError & { readonly code: FaultCode } {
  return error instanceof UserError && faultCodes.some((code) => code === error.code);
}

/** Calls a function of the user's, without clocks and dice; what it throws becomes a UserError that names `what`. */
export function calling<T>(code: UserErrorCode, what: string, call: () => T, property?: string): T {
  return guarding(code, what, call, property)();
}

/**
 * A function of the user's, of up to three arguments, that is always called like this: for one that is called often, nothing is made for each
 * call.
 */
export function guarding<F extends (...args: never[]) => unknown>(
  code: UserErrorCode,
  what: string,
  call: F,
  property?: string,
): F {
  const naming = () => what;
  const guarded = (a: never, b: never, c: never) => {
    const before = calls(naming);
    try {
      return purely(call, a, b, c);
    } catch (error) {
      throw faultOf(code, what, error, property);
    } finally {
      calls(before);
    }
  };
  return guarded as unknown as F;
}

/** What is to be thrown when a function of the user's has thrown `error`. */
function faultOf(code: UserErrorCode, what: string, error: unknown, property?: string): unknown {
  if (error instanceof UserError || error instanceof Abandoned) return error;
  if (error instanceof Impurity)
    return new UserError(
      code === "protocol-threw" ? "protocol-nondeterministic" : code,
      `${what} is nondeterministic: it asked ${error.message}. It must depend on its arguments alone.`,
      { frames: userFrames(error) },
    );
  return new UserError(code, `${what} threw "${thrownText(error)}".`, {
    frames: userFrames(error),
    ...(property !== undefined && { property }),
  });
}
