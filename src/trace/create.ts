// Creates a trace from a counterexample: adds what a file needs to be understood on its own.

import { describeSetting } from "../catalogue/index.js";
import { identityWith, type Parts } from "../identity/identity.js";
import type { Counterexample, Execution } from "../model/action.js";
import type { FaultCode, UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { version } from "../version.js";
import { type Trace, traceFormat, traceVersion } from "./schema.js";

/** What a trace says besides the counterexample. */
export interface TraceOptions {
  /**
   * The name under which the protocol is found again; default: its own. A user's module is named by its path.
   */
  readonly protocol?: string;
  /** How the counterexample was found, in words; default: nothing is said. */
  readonly origin?: string;
  /** Whether it is verified to be locally minimal; default: nothing is said. */
  readonly minimal?: boolean;
  /** What the protocol is made of (see `partsOf`); default: nothing is said. */
  readonly parts?: Parts;
}

/**
 * The trace of a counterexample, expected to be reproduced.
 *
 * ```ts
 * const { counterexample } = await search(setting);
 * traceOf(setting, counterexample).expect // => "reproduced"
 * ```
 */
export function traceOf<Message, Request>(
  setting: Setting<Message, Request>,
  counterexample: Counterexample,
  options: TraceOptions = {},
): Trace {
  const { protocol, origin, minimal, parts } = options;
  const described = describeSetting(setting, protocol);
  const { property, explanation, start, actions, loop, schedule } = counterexample;
  return {
    format: traceFormat,
    version: traceVersion,
    turncoat: version,
    ...(parts && { identity: identityWith(described, parts) }),
    ...(origin === undefined ? {} : { origin }),
    violates: { property, explanation },
    expect: "reproduced",
    ...(minimal === undefined ? {} : { minimal }),
    setting: described,
    start,
    actions,
    ...(loop === undefined ? {} : { loop }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** The trace of a run that ends with a fault of somebody's code; see `Trace.throws`. */
export function faultTraceOf(
  setting: Setting,
  error: UserError & { readonly code: FaultCode },
  run: Execution,
  options: TraceOptions = {},
): Trace {
  const property = error.property ?? setting.properties[0]?.name ?? "";
  const counterexample = { property, explanation: error.message, ...run };
  const { timing: _, ...untimed } = setting; // when it happened does not matter to it
  return { ...traceOf(untimed, counterexample, options), throws: error.code };
}
