// A run that a fault in the user's code has ended.

import { settingFrom } from "../catalogue/index.js";
import type { UserError } from "../model/errors.js";
import { insideContract } from "../model/setting.js";
import type { FaultyRun } from "../report/faulty-run.js";
import type { PlannedRun } from "../suite/plan.js";

/** The planned run, with the fault that ended it. */
export async function faultyRun(planned: PlannedRun, error: UserError): Promise<FaultyRun> {
  return { planned, error, insideContract: insideContract(await settingFrom(planned.description)) };
}
