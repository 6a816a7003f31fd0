// One campaign of `turncoat fuzz`: runs it, shows its progress, minimizes its failures and writes their
// traces.

import { availableParallelism } from "node:os";
import { correctFormOf, type SettingDescription, settingFrom } from "../catalogue/index.js";
import {
  type BlockResult,
  blockRuns,
  type CampaignRecord,
  type CorpusKey,
  type CorpusRecord,
  type DistinctFailure,
  defaultMaxActions,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzResult,
  fuzz,
  mergeBlocks,
  recordOf,
  type StepPlace,
  settingKey,
} from "../fuzz/index.js";
import { type Identity, identityOf } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { minimizeFault } from "../minimize/index.js";
import { insideContract, type Setting } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import { settingName } from "../render/setting.js";
import { type CompletedCampaign, campaignVerdict, type FailureTrace } from "../report/fuzz.js";
import { grouped, seconds } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import { type Trace, tracingFaults } from "../trace/index.js";
import { KeptFailures } from "./fuzz-failures.js";
import { ProgressLine } from "./progress.js";
import { stepPlace } from "./step-place.js";

/** The part of a campaign that all campaigns of a command share. */
export interface CampaignDependencies {
  readonly adversaries: readonly Adversary<Json>[];
  readonly options: FuzzOptions;
  /** Where minimized counterexamples go. */
  readonly directory: string;
  /** The corpus of earlier campaigns; null without `--corpus`. */
  readonly corpus: { readonly file: string; readonly records: readonly CorpusRecord[] } | null;
  /** The campaigns in the file of `--resume`. */
  readonly earlier: { readonly file: string; readonly records: readonly CampaignRecord[] };
  /** Seconds for minimizing each failure; 0: failures are not minimized. */
  readonly minimizeSeconds: number;
  /** The directory for evaluated steps; undefined: they are not kept. */
  readonly cache: string | undefined;
  /** How many threads; default: as many as there are cores and blocks. */
  readonly workers: number | undefined;
  /** Blocks that were made elsewhere: then no run is made. Default: none. */
  readonly made?: MadeBlocks;
  /** Called after each block with the state of the campaign; null: blocks are not saved. */
  readonly onBlock: ((record: CampaignRecord) => Promise<void>) | null;
}

/** Blocks that other machines have made, and what `mergeBlocks` has to know of those before. */
export interface MadeBlocks {
  readonly blocks: AsyncIterable<BlockResult>;
  readonly knownInARow: number;
  /** Whether some are missing because nobody has made them yet. */
  readonly isPartial: boolean;
  /** The minimized trace of the failure with a path; null if nobody has minimized it. */
  readonly minimized: (path: string) => Promise<Trace | null>;
}

/** A campaign that is about to run. */
interface Campaign extends CampaignDependencies {
  readonly description: SettingDescription;
  readonly name: string;
  readonly setting: Setting;
  readonly identity: Identity;
  readonly steps: StepPlace | null;
  readonly kept: KeptFailures;
  readonly progress: ProgressLine;
}

/** Runs a campaign, and minimizes its failures. */
export async function makeCampaign(
  planned: PlannedRun,
  dependencies: CampaignDependencies,
): Promise<CompletedCampaign> {
  const { description } = planned;
  const progress = new ProgressLine();
  const name = settingName(description);
  const setting = await settingFrom(description);
  const identity = await identityOf(description);
  const { options, directory } = dependencies;
  const origin = { setting, description, options, directory, parts: identity.parts };
  const kept = new KeptFailures(origin);
  const { cache } = dependencies;
  const steps = cache === undefined ? null : await stepPlace(cache, description, identity);
  const campaign = { ...dependencies, description, name, setting, identity, steps, kept, progress };
  const result = await fuzzOnce(campaign, startOf(campaign));
  progress.done(
    name,
    `${campaignVerdict(result.verdict)}, ${grouped(result.runs)} runs, ${seconds(result.seconds)}`,
  );
  const traces: (FailureTrace | null)[] = [];
  for (const failure of result.failures) {
    kept.keep(failure); // with several threads, others may have failed before it
    traces.push(await shortest(campaign, result, failure));
  }
  return { planned, result, identity, traces, insideContract: insideContract(setting) };
}

/** What a campaign continues from. @throws {UserError} if earlier commands ran other code. */
function startOf({ description, identity, options, corpus, earlier }: Campaign): FuzzOptions {
  const resume = earlier.records.find((record) => settingKey(record.setting) === settingKey(description));
  if (resume) refuseOtherCode(earlier.file, resume.identity, identity.parts);
  const known = corpus && recordOf(corpus.records, corpusKey(description, options));
  if (known?.identity) refuseOtherCode(corpus!.file, known.identity, identity.parts);
  if (known && !known.identity)
    console.error(
      `${corpus!.file} does not say with which code it was made: what it has may lead elsewhere.`,
    );
  return { ...(resume && { resume: resume.state }), ...(corpus && { corpus: known?.recipes ?? [] }) };
}

function fuzzOnce(
  { description, name, setting, identity, steps, kept, progress, ...rest }: Campaign,
  start: FuzzOptions,
): Promise<FuzzResult> {
  const { adversaries, options, directory, workers, onBlock, made } = rest;
  const make = () => {
    const all: FuzzOptions = {
      ...options,
      ...start,
      adversaries,
      ...(onBlock && { onBlock: (state) => onBlock({ setting: description, identity, state }) }),
      workers: workers ?? workersFor(options),
      source: { description },
      ...(steps && { steps }),
      onFailure: (failure) => {
        progress.clear();
        kept.keepFirst(failure);
      },
      onProgress: (now) => progress.show(name, now.seconds, soFar(now, kept.isEmpty)),
    };
    return made ? merged(setting, all, made) : fuzz(setting, all);
  };
  const shorten = (where: Setting, trace: Trace) => minimizeFault(where, trace).trace;
  return tracingFaults({ setting: description, parts: identity.parts, directory }, make, shorten);
}

/** The result of blocks that were made elsewhere. */
async function merged(
  setting: Setting,
  options: FuzzOptions,
  { blocks, knownInARow, isPartial }: MadeBlocks,
): Promise<FuzzResult> {
  const signal = isPartial ? AbortSignal.abort() : undefined; // as if it had been interrupted
  return (await mergeBlocks(setting, { ...options, knownInARow, ...(signal && { signal }) }, blocks)).result;
}

/** The minimized trace of a failure, or the one that was found if failures are not to be minimized. */
async function shortest(
  { description, name, kept, progress, adversaries, options: { signal }, minimizeSeconds, made }: Campaign,
  result: FuzzResult,
  failure: DistinctFailure,
): Promise<FailureTrace | null> {
  if (minimizeSeconds === 0) return kept.traceOf(failure);
  const known = await made?.minimized(failure.path);
  if (known) return kept.replace(failure, known);
  const startedAt = performance.now();
  const trace = await kept.minimize(failure, result, {
    adversaries,
    correct: await correctFormOf(description.protocol),
    maxSeconds: minimizeSeconds,
    ...(signal && { signal }),
    onProgress: ({ before, now }) => {
      const elapsed = (performance.now() - startedAt) / 1000;
      progress.show(`${name} minimizing`, elapsed, `${before} -> ${now} actions, ${seconds(elapsed)}`);
    },
  });
  progress.clear();
  return trace;
}

/** The progress of a running campaign, in words. Unknown figures are left out. */
function soFar(now: FuzzProgress, isClean: boolean): string {
  if (now.preparing !== undefined) return `${now.preparing}, ${seconds(now.seconds)}`;
  return [
    isClean ? "no violation so far" : "a violation was found",
    `${grouped(now.runs)} runs`,
    `${grouped(now.events)} events`,
    ...(now.distinctStates > 0 ? [`${grouped(now.distinctStates)} distinct states`] : []),
    `${grouped(now.decided)} decided`,
    seconds(now.seconds),
  ].join(", ");
}

/** The key of a campaign's record in a corpus file. */
export function corpusKey(setting: SettingDescription, { strategy, maxActions }: FuzzOptions): CorpusKey {
  return { setting, strategy: strategy?.name ?? "mixed", maxActions: maxActions ?? defaultMaxActions };
}

/** The number of threads. A thread takes a second to start, and a block is never divided. */
function workersFor({ maxRuns, maxSeconds, path }: FuzzOptions): number {
  if (path !== undefined) return 1;
  const runs = maxRuns ?? (maxSeconds === undefined ? blockRuns : Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(runs / blockRuns)));
}
