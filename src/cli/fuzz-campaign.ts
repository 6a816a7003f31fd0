// One campaign of `turncoat fuzz`: makes it, shows how far it is, minimizes what it has found and writes the traces.

import { availableParallelism } from "node:os";
import { type SettingDescription, settingFrom } from "../catalogue.js";
import {
  blockRuns,
  type CampaignRecord,
  type CorpusKey,
  type CorpusRecord,
  type DistinctFailure,
  defaultMaxActions,
  type FuzzOptions,
  type FuzzResult,
  fuzz,
  recordOf,
  settingKey,
} from "../fuzz/index.js";
import { identityOf, type Parts } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { minimize, minimizeFault } from "../minimize/index.js";
import { insideContract, type Setting } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import { settingName } from "../render/setting.js";
import type { CompletedCampaign, FailureTrace } from "../report/fuzz.js";
import { grouped, seconds } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import { type Trace, traceOf, tracingFaults, writeTrace } from "../trace/index.js";
import { ProgressLine } from "./progress.js";
import { orSayLater } from "./unwritten.js";

/** What all campaigns of a command have in common. */
export interface CampaignSurroundings {
  readonly adversaries: readonly Adversary<Json>[];
  readonly options: FuzzOptions;
  /** Where minimized counterexamples go. */
  readonly directory: string;
  /** What earlier campaigns have learned; null: that is not asked for. */
  readonly corpus: { readonly file: string; readonly records: readonly CorpusRecord[] } | null;
  /** What earlier commands have done. */
  readonly earlier: { readonly file: string; readonly records: readonly CampaignRecord[] };
  /** How many threads; default: as many as there are cores and blocks. */
  readonly workers: number | undefined;
  /** Called with how far the campaign is, after each block; null: nobody wants to know. */
  readonly onBlock: ((record: CampaignRecord) => Promise<void>) | null;
}

/** Makes a campaign. */
export async function makeCampaign(
  planned: PlannedRun,
  { adversaries, options, directory, corpus, earlier, workers, onBlock }: CampaignSurroundings,
): Promise<CompletedCampaign> {
  const { description } = planned;
  const progress = new ProgressLine();
  const name = settingName(description);
  const setting = await settingFrom(description);
  const identity = await identityOf(description);
  const resume = earlier.records.find((record) => settingKey(record.setting) === settingKey(description));
  if (resume) refuseOtherCode(earlier.file, resume.identity, identity.parts);
  const known = corpus && recordOf(corpus.records, corpusKey(description, options));
  if (known?.identity) refuseOtherCode(corpus!.file, known.identity, identity.parts);
  if (known && !known.identity)
    console.error(
      `${corpus!.file} does not say with which code it was made: what it has may lead elsewhere.`,
    );
  const make = () =>
    fuzz(setting, {
      ...options,
      adversaries,
      ...(resume && { resume: resume.state }),
      ...(corpus && { corpus: known?.recipes ?? [] }),
      ...(onBlock && { onBlock: (state) => onBlock({ setting: description, identity, state }) }),
      workers: workers ?? workersFor(options),
      source: { description },
      onProgress: (now) =>
        progress.show(
          name,
          now.seconds,
          `${grouped(now.runs)} runs, ${grouped(now.events)} events, ${grouped(now.distinctStates)} distinct states, ` +
            `${grouped(now.decided)} decided, ${seconds(now.seconds)}`,
        ),
    });
  const shorten = (where: Setting, trace: Trace) => minimizeFault(where, trace).trace;
  const result = await tracingFaults(description, directory, make, shorten);
  progress.done(name, `${result.verdict}, ${grouped(result.runs)} runs, ${seconds(result.seconds)}`);
  const traces: (FailureTrace | null)[] = [];
  for (const failure of result.failures)
    traces.push(
      await keepMinimized(setting, planned, result, failure, adversaries, directory, identity.parts),
    );
  return { planned, result, identity, traces, insideContract: insideContract(setting) };
}

/** Which record of a corpus file is a campaign's. */
function corpusKey(setting: SettingDescription, { strategy, maxActions }: FuzzOptions): CorpusKey {
  return { setting, strategy: strategy?.name ?? "mixed", maxActions: maxActions ?? defaultMaxActions };
}

/** A thread takes a second to start, and a block is not divided. */
function workersFor({ maxRuns, maxSeconds, path }: FuzzOptions): number {
  if (path !== undefined) return 1;
  const runs = maxRuns ?? (maxSeconds === undefined ? blockRuns : Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(runs / blockRuns)));
}

async function keepMinimized(
  setting: Setting,
  { description }: PlannedRun,
  result: FuzzResult,
  failure: DistinctFailure,
  adversaries: readonly Adversary<Json>[],
  directory: string,
  parts: Parts,
): Promise<FailureTrace | null> {
  const { counterexample, setting: weakest } = await minimize(setting, failure.counterexample, {
    adversaries,
  });
  const by = failure.strategy === result.strategy ? "" : ` (${failure.strategy})`;
  const origin = `fuzz, strategy ${result.strategy}${by}, seed ${result.seed}, path ${failure.path}, minimized`;
  const { protocol } = description;
  const trace = traceOf(weakest, counterexample, { protocol, origin, minimal: true, parts });
  const file = await orSayLater(() => writeTrace(directory, trace));
  return file === null ? null : { file, actions: counterexample.actions.length };
}
