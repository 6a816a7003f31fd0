// Writes the run that led to a fault of user code as a trace, so that it can be replayed once the code is
// repaired.

import { type SettingDescription, settingFrom } from "../catalogue/index.js";
import type { Parts } from "../identity/identity.js";
import { isFault, UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { faultTraceOf } from "./create.js";
import { writeTrace } from "./files.js";
import { replay } from "./replay.js";
import type { Trace } from "./schema.js";

/** What was run, and where a run that ends with a fault is written. */
export interface FaultTracing {
  readonly setting: SettingDescription;
  /** What its protocol was made of when the run began. */
  readonly parts: Parts;
  readonly directory: string;
}

/** Whatever `make` throws gets the file of its run. `shorten` leaves out what the fault does not need. */
export async function tracingFaults<T>(
  tracing: FaultTracing,
  make: () => Promise<T>,
  shorten: (setting: Setting, trace: Trace) => Trace = (_, trace) => trace,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await keepFault(error, tracing, shorten);
    throw error;
  }
}

/** Writes the run that leads to a fault, if it is known and leads there once more. */
async function keepFault(
  error: unknown,
  { setting: description, parts, directory }: FaultTracing,
  shorten: (setting: Setting, trace: Trace) => Trace,
): Promise<void> {
  if (!isFault(error) || error.run === null || error.traceFile !== null) return;
  const { protocol } = description;
  const origin = error.origin === null ? {} : { origin: error.origin };
  try {
    const setting = await settingFrom(description);
    const trace = shorten(setting, faultTraceOf(setting, error, error.run, { protocol, parts, ...origin }));
    const again = await replay(trace);
    if (again.outcome !== "reproduced") return;
    const { start, actions } = trace;
    error.run = { start, actions };
    error.traceFile = await writeTrace(directory, trace);
  } catch (another) {
    if (!(another instanceof UserError)) throw another; // the error itself is what has to be told
  }
}
