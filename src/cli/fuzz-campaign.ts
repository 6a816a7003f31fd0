// One campaign of `turncoat fuzz`: makes it, shows how far it is, minimizes what it has found and writes the traces.

import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type SettingDescription, settingFrom } from "../catalogue/index.js";
import {
  blockRuns,
  type CampaignRecord,
  type CorpusKey,
  type CorpusRecord,
  type DistinctFailure,
  defaultMaxActions,
  type Failure,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzResult,
  fuzz,
  recordOf,
  settingKey,
} from "../fuzz/index.js";
import { identityOf, type Parts } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { type BudgetOptions, minimize, minimizeFault } from "../minimize/index.js";
import { insideContract, type Setting } from "../model/setting.js";
import { visibleText } from "../model/visible-text.js";
import type { Adversary, Json } from "../protocol/index.js";
import { violatedText } from "../render/run-length.js";
import { settingName } from "../render/setting.js";
import type { CompletedCampaign, FailureTrace } from "../report/fuzz.js";
import { grouped, seconds } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import { type Trace, traceOf, tracingFaults, writeTrace, writeTraceNow } from "../trace/index.js";
import { ProgressLine } from "./progress.js";
import { orSayLater, orSayLaterNow } from "./unwritten.js";

/** What all campaigns of a command have in common. */
export interface CampaignDependencies {
  readonly adversaries: readonly Adversary<Json>[];
  readonly options: FuzzOptions;
  /** Where minimized counterexamples go. */
  readonly directory: string;
  /** What earlier campaigns have learned; null: that is not asked for. */
  readonly corpus: { readonly file: string; readonly records: readonly CorpusRecord[] } | null;
  /** What earlier commands have done. */
  readonly earlier: { readonly file: string; readonly records: readonly CampaignRecord[] };
  /** Seconds for minimizing each failure; 0: failures are not minimized. */
  readonly minimizeSeconds: number;
  /** How many threads; default: as many as there are cores and blocks. */
  readonly workers: number | undefined;
  /** Called with how far the campaign is, after each block; null: nobody wants to know. */
  readonly onBlock: ((record: CampaignRecord) => Promise<void>) | null;
}

/** Makes a campaign. */
export async function makeCampaign(
  planned: PlannedRun,
  {
    adversaries,
    options,
    directory,
    corpus,
    earlier,
    workers,
    onBlock,
    minimizeSeconds,
  }: CampaignDependencies,
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
  const kept = new KeptFailures(setting, planned, options, directory, identity.parts);
  const make = () =>
    fuzz(setting, {
      ...options,
      adversaries,
      ...(resume && { resume: resume.state }),
      ...(corpus && { corpus: known?.recipes ?? [] }),
      ...(onBlock && { onBlock: (state) => onBlock({ setting: description, identity, state }) }),
      workers: workers ?? workersFor(options),
      source: { description },
      onFailure: (failure) => {
        progress.clear();
        kept.keep(failure);
      },
      onProgress: (now) => progress.show(name, now.seconds, soFar(now, kept.isEmpty)),
    });
  const shorten = (where: Setting, trace: Trace) => minimizeFault(where, trace).trace;
  const result = await tracingFaults(
    { setting: description, parts: identity.parts, directory },
    make,
    shorten,
  );
  progress.done(name, `${result.verdict}, ${grouped(result.runs)} runs, ${seconds(result.seconds)}`);
  const traces: (FailureTrace | null)[] = [];
  for (const failure of result.failures) {
    kept.keep(failure);
    if (minimizeSeconds === 0) traces.push(kept.traceOf(failure));
    else {
      const startedAt = performance.now();
      const budget = {
        maxSeconds: minimizeSeconds,
        ...(options.signal && { signal: options.signal }),
        onProgress: ({ before, now }: { readonly before: number; readonly now: number }) => {
          const elapsed = (performance.now() - startedAt) / 1000;
          progress.show(`${name} minimizing`, elapsed, `${before} -> ${now} actions, ${seconds(elapsed)}`);
        },
      };
      traces.push(
        await keepMinimized(
          setting,
          planned,
          result,
          failure,
          adversaries,
          directory,
          budget,
          kept,
          identity.parts,
        ),
      );
      progress.clear();
    }
  }
  return { planned, result, identity, traces, insideContract: insideContract(setting) };
}

/** What is true of a campaign while it runs; what is not known yet is left out. */
function soFar(now: FuzzProgress, isClean: boolean): string {
  return [
    isClean ? "no violation so far" : "a violation was found",
    `${grouped(now.runs)} runs`,
    `${grouped(now.events)} events`,
    ...(now.distinctStates > 0 ? [`${grouped(now.distinctStates)} distinct states`] : []),
    `${grouped(now.decided)} decided`,
    seconds(now.seconds),
  ].join(", ");
}

/** Writes failures as they are found, before anything else is done with them: whatever happens then, they are on disk. */
class KeptFailures {
  readonly #setting: Setting;
  readonly #planned: PlannedRun;
  readonly #options: FuzzOptions;
  readonly #directory: string;
  /** By path: null if it could not be written. */
  readonly #files = new Map<string, FailureTrace | null>();

  readonly #parts: Parts;

  constructor(setting: Setting, planned: PlannedRun, options: FuzzOptions, directory: string, parts: Parts) {
    this.#parts = parts;
    this.#setting = setting;
    this.#planned = planned;
    this.#options = options;
    this.#directory = directory;
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  /** Writes the trace, and says how to repeat it. As many as were asked for: many failures may be alike. */
  keep(failure: Failure): void {
    if (this.#files.has(failure.path) || this.#files.size >= (this.#options.maxFailures ?? 1)) return;
    const { counterexample, path } = failure;
    const { protocol } = this.#planned.description;
    const seed = this.#options.seed!;
    const origin = `fuzz, strategy ${failure.strategy}, seed ${seed}, path ${path}, as it was found`;
    const trace = traceOf(this.#setting, counterexample, {
      protocol,
      origin,
      minimal: false,
      parts: this.#parts,
    });
    const actions = counterexample.actions.length;
    const length = violatedText(actions, counterexample.loop?.length);
    let file: string | null = null;
    orSayLaterNow(() => {
      file = writeTraceNow(this.#directory, trace);
    });
    this.#files.set(path, file === null ? null : { file, actions, minimal: false });
    const where = file === null ? "" : ` Written to ${file}.`;
    const again = `The same options with --seed ${seed} --path '${path}' repeat it.`;
    process.stderr.write(visibleText(`Found: ${counterexample.property} is ${length}.${where} ${again}\n`));
  }

  traceOf({ path }: Failure): FailureTrace | null {
    return this.#files.get(path) ?? null;
  }

  /** Something better has taken its place. */
  drop({ path }: Failure, better: string): void {
    const file = this.traceOf({ path } as Failure)?.file;
    if (file !== undefined && file !== better) rmSync(file, { force: true });
  }
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
  budget: BudgetOptions,
  kept: KeptFailures,
  parts: Parts,
): Promise<FailureTrace | null> {
  const minimized = await minimize(setting, failure.counterexample, { adversaries, ...budget });
  const { counterexample, setting: weakest, verifiedMinimal: minimal } = minimized;
  const by = failure.strategy === result.strategy ? "" : ` (${failure.strategy})`;
  const how = minimal ? "minimized" : "minimizing was cut short: not verified to be minimal";
  const origin = `fuzz, strategy ${result.strategy}${by}, seed ${result.seed}, path ${failure.path}, ${how}`;
  const { protocol } = description;
  const trace = traceOf(weakest, counterexample, { protocol, origin, minimal, parts });
  const file = await orSayLater(() => writeTrace(directory, trace));
  if (file === null) return kept.traceOf(failure);
  kept.drop(failure, file);
  return { file, actions: counterexample.actions.length, minimal };
}
