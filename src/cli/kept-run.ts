// A search that has ended, kept: its counterexamples as traces, and what a report says of it.

import { findProtocol, settingFrom } from "../catalogue/index.js";
import type { SearchResult } from "../explore/search-result.js";
import { removeQuietly } from "../files/atomic.js";
import { insideContract } from "../model/setting.js";
import type { CompletedRun } from "../report/check.js";
import { grouped } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import type { KeptVerdict } from "../suite/verdict-cache.js";
import { traceOf, writeTrace } from "../trace/index.js";
import type { NamedRun } from "./run-options.js";
import { orSayLater } from "./unwritten.js";

/** Writes the counterexamples as traces, and removes a checkpoint that is no longer needed. */
export async function keep(
  { planned, identity, checkpointFile }: Pick<NamedRun, "planned" | "identity" | "checkpointFile">,
  result: SearchResult,
  directory: string,
  cached: KeptVerdict | null,
): Promise<CompletedRun> {
  const setting = await settingFrom(planned.description);
  const { counterexamples, reduction, deadMessages, symmetry } = result;
  const how = [
    reduction === "none" ? "plain" : reduction,
    ...(deadMessages ? ["dead messages"] : []),
    ...(symmetry > 1 ? ["symmetry"] : []),
  ];
  const { protocol } = planned.description;
  const traced = { protocol, origin: `exhaustive search, ${how.join(", ")}`, parts: identity.parts };
  const traceFiles: (string | null)[] = [];
  for (const counterexample of counterexamples)
    traceFiles.push(await orSayLater(() => writeTrace(directory, traceOf(setting, counterexample, traced))));
  const isCut = result.frontier > 0 && result.counterexample === null;
  if (checkpointFile !== null && !isCut) removeQuietly(checkpointFile);
  return {
    planned,
    result,
    identity,
    traceFiles,
    checkpointFile: isCut && result.unsaved === null ? checkpointFile : null,
    insideContract: insideContract(setting),
    notes: cached?.notes ?? [...(setting.protocol.notes?.() ?? []), ...(await silence(planned, result))],
    ...(cached && { cached: true }),
  };
}

/** Where a class has executed nothing in many states it has perhaps never been asked to say so. */
async function silence(
  { description: { protocol, properties } }: PlannedRun,
  { verdict, states, witnesses }: SearchResult,
): Promise<string[]> {
  const isUnsaid = (verdict === "inconclusive" || verdict === "vacuous") && witnesses.decisions === 0;
  if (!isUnsaid || !properties.includes("agreement") || !(await findProtocol(protocol)).isReal) return [];
  return [
    `in none of the ${grouped(states)} states has a replica executed anything; if that is not for want of states, see where the file calls io.executed, and that what it listens to is ever emitted. (Where nothing is meant to be executed, name the properties that count: properties: [...] in the options of the file)`,
  ];
}
