// Minimizes the content of a trace file.

import { correctFormOf, findProtocol, settingFrom } from "../catalogue/index.js";
import { partsOf } from "../identity/identity.js";
import { traceOf } from "../trace/create.js";
import type { Trace } from "../trace/schema.js";
import type { Account } from "./account.js";
import { type MinimizeOptions, minimize } from "./minimize.js";
import { minimizeFault } from "./minimize-fault.js";

/** A minimal trace, the number of replays, and the account. */
export interface MinimizedTrace {
  readonly trace: Trace;
  readonly tried: number;
  readonly account: Account;
}

/**
 * The minimal trace of the same violation. Keeps the trace's origin.
 *
 * ```ts
 * (await minimizeTrace(trace)).trace.actions.length // => 4
 * ```
 * @throws {UserError} for unknown names, and `bad-file` if the trace does not violate its property any more.
 */
export async function minimizeTrace(
  trace: Trace,
  options: Omit<MinimizeOptions, "adversaries"> = {},
): Promise<MinimizedTrace> {
  const { protocol } = trace.setting;
  const { adversaries } = await findProtocol(protocol);
  if (trace.throws) {
    const { trace: shorter, tried } = minimizeFault(await settingFrom(trace.setting), trace);
    return { trace: shorter, tried, account: faultAccount(trace, shorter) };
  }
  const { violates, start, actions, loop = [], schedule, origin } = trace;
  const execution = { property: violates.property, start, actions, loop, ...(schedule && { schedule }) };
  const minimized = await minimize(await settingFrom(trace.setting), execution, {
    adversaries,
    correct: await correctFormOf(protocol),
    ...options,
  });
  const parts = await partsOf(protocol);
  const known = origin === undefined ? {} : { origin };
  return {
    trace: traceOf(minimized.setting, minimized.counterexample, {
      protocol,
      minimal: minimized.verifiedMinimal,
      parts,
      ...known,
    }),
    tried: minimized.tried,
    account: minimized.account,
  };
}

/** The setting is unchanged, and no search was made. */
function faultAccount(before: Trace, after: Trace): Account {
  const needed = after.actions.map(() => ({ impossibleWithout: [] }));
  return {
    ...{ actionsBefore: before.actions.length, needed },
    ...{ removed: [], kept: [], isShortest: false, isTimed: false },
  };
}
