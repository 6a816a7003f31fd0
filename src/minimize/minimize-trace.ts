// Minimizes a trace file's content.

import { findProtocol, settingFrom } from "../catalogue.js";
import { UserError } from "../model/errors.js";
import { traceOf } from "../trace/create.js";
import type { Trace } from "../trace/schema.js";
import { minimize } from "./minimize.js";

/** A minimal trace, and how many replays it took. */
export interface MinimizedTrace {
  readonly trace: Trace;
  readonly tried: number;
}

/**
 * The minimal trace of the same violation. What is said of its origin is kept.
 *
 * @throws {UserError} for unknown names, and `bad-file` if the trace does not violate its property any more.
 */
export async function minimizeTrace(trace: Trace): Promise<MinimizedTrace> {
  const { protocol } = trace.setting;
  const { adversaries } = await findProtocol(protocol);
  const { violates, start, actions, loop, schedule, origin } = trace;
  if (loop && !schedule)
    throw new UserError(
      "bad-file",
      "This trace ends in a loop that goes on for ever. Such traces are not minimized; the search's own is a shortest way to its loop.",
    );
  const timed = schedule && { schedule, ...(loop && { loop }) };
  const execution = { property: violates.property, start, actions, ...timed };
  const minimized = await minimize(await settingFrom(trace.setting), execution, { adversaries });
  const known = origin === undefined ? {} : { origin };
  return {
    trace: traceOf(minimized.setting, minimized.counterexample, { protocol, minimal: true, ...known }),
    tried: minimized.tried,
  };
}
