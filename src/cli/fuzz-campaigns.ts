// The campaigns of one `turncoat fuzz` command: plans them, runs them one after the other, and saves their
// state.

import { type Entry, findProtocol } from "../catalogue/index.js";
import {
  addToCorpus,
  type CampaignRecord,
  type CorpusRecord,
  settingKey,
  writeCampaigns,
} from "../fuzz/index.js";
import { isFault, UserError } from "../model/errors.js";
import { settingName } from "../render/setting.js";
import type { FaultyRun } from "../report/faulty-run.js";
import type { CompletedCampaign } from "../report/fuzz.js";
import { type PlannedRun, plan } from "../suite/plan.js";
import { faultyRun } from "./faulty-run.js";
import { refuseForeignModule } from "./foreign-modules.js";
import { makeCampaign } from "./fuzz-campaign.js";
import { type FuzzCommandOptions, fuzzOptions } from "./fuzz-options.js";
import { givenSettingOptions, requestFrom } from "./options.js";
import { orSayLater, orSayLaterNow } from "./unwritten.js";

/** The outcome of the planned campaigns. */
export interface MadeCampaigns {
  readonly campaigns: readonly CompletedCampaign[];
  readonly faults: readonly FaultyRun[];
  /** The state of campaigns that ended with a fault. */
  readonly unfinished: readonly CampaignRecord[];
  readonly notBegun: number;
}

/** What all campaigns of a command start from. */
export interface CampaignStart {
  readonly seed: number;
  readonly signal: AbortSignal;
  /** The campaigns in the file of `--resume`. */
  readonly earlier: readonly CampaignRecord[];
  /** The records in the file of `--corpus`; null without one. */
  readonly corpus: readonly CorpusRecord[] | null;
}

/** The campaigns to run: those that the options describe or, if there are none, those in the file of `--resume`. */
export async function plannedCampaigns(
  protocol: string | undefined,
  options: FuzzCommandOptions,
  earlier: readonly CampaignRecord[],
): Promise<readonly PlannedRun[]> {
  const { resume } = options;
  if (resume !== undefined && protocol === undefined && givenSettingOptions(options).length === 0) {
    for (const { setting } of earlier) refuseForeignModule(resume, setting.protocol, options);
    return earlier.map(({ setting }) => ({ description: setting, expect: null, reduction: null }));
  }
  const name = protocol ?? "pbft";
  const runs = plan(await findProtocol(name), requestFrom(name, options));
  const keys = new Set(earlier.map(({ setting }) => settingKey(setting)));
  if (resume !== undefined && !runs.some(({ description }) => keys.has(settingKey(description))))
    throw new UserError(
      "bad-option",
      `${resume} has no campaign of what these options say; it has: ${earlier.map(({ setting }) => settingName(setting)).join("; ")}. ` +
        "To go on with all of them, leave out the protocol and its options.",
    );
  return runs;
}

/** Runs the campaigns. A fault in the user's code ends only the campaign that meets it. */
export async function makeCampaigns(
  runs: readonly PlannedRun[],
  options: FuzzCommandOptions,
  start: CampaignStart,
): Promise<MadeCampaigns> {
  const campaigns: CompletedCampaign[] = [];
  const faults: FaultyRun[] = [];
  const unfinished: CampaignRecord[] = [];
  const savesBlocks = options.path === undefined && (options.report ?? options.corpus) !== undefined;
  for (const planned of runs) {
    let last: CampaignRecord | null = null;
    const onBlock = (record: CampaignRecord) => {
      last = record;
      return save([...recordsOf({ campaigns, unfinished }), record], start.earlier, options);
    };
    const entry = await findProtocol(planned.description.protocol);
    const dependencies = dependenciesOf(entry, options, start);
    try {
      const campaign = await makeCampaign(planned, {
        ...dependencies,
        onBlock: savesBlocks ? onBlock : null,
      });
      campaigns.push(withNotes(campaign, entry));
    } catch (error) {
      if (!isFault(error)) throw error;
      faults.push(await faultyRun(planned, error));
      if (last !== null) unfinished.push(last);
    }
    if (start.signal.aborted) break;
  }
  return { campaigns, faults, unfinished, notBegun: runs.length - campaigns.length - faults.length };
}

/** What the protocol notes of its runs is a warning of the campaign. */
export function withNotes(campaign: CompletedCampaign, { protocol }: Entry): CompletedCampaign {
  const { result } = campaign;
  return {
    ...campaign,
    result: { ...result, warnings: [...result.warnings, ...(protocol.notes?.() ?? [])] },
  };
}

/** What the campaigns of a command share. */
export function dependenciesOf(
  { adversaries }: Entry,
  options: FuzzCommandOptions,
  { seed, signal, earlier, corpus }: CampaignStart,
) {
  return {
    adversaries,
    options: { ...fuzzOptions(options), seed, signal },
    directory: options.traces,
    cache: options.cache,
    corpus: corpus && { file: options.corpus!, records: corpus },
    earlier: { file: options.resume ?? "", records: earlier },
    workers: options.workers,
    minimizeSeconds: options.minimize === false ? 0 : (options.minimizeTime ?? 20),
  };
}

/** The state of every campaign that has begun. */
export function recordsOf({
  campaigns,
  unfinished,
}: Pick<MadeCampaigns, "campaigns" | "unfinished">): CampaignRecord[] {
  return [...campaigns.map(recordFrom), ...unfinished];
}

function recordFrom({ planned, identity, result: { state } }: CompletedCampaign): CampaignRecord {
  return { setting: planned.description, identity, state };
}

/** Saves the state of the campaigns. Earlier campaigns that have not begun again stay in the file. */
export async function save(
  records: readonly CampaignRecord[],
  earlier: readonly CampaignRecord[],
  { report, corpus }: FuzzCommandOptions,
): Promise<void> {
  if (report !== undefined) {
    const begun = new Set(records.map(({ setting }) => settingKey(setting)));
    const others = earlier.filter(({ setting }) => !begun.has(settingKey(setting)));
    orSayLaterNow(() => writeCampaigns(report, [...records, ...others]));
  }
  if (corpus !== undefined) await orSayLater(() => addToCorpus(corpus, records.flatMap(learnedIn)));
}

/** The corpus of a campaign, with the setting, strategy and number of actions that it is valid for. */
function learnedIn({
  setting,
  identity,
  state: { strategy, maxActions, corpus },
}: CampaignRecord): CorpusRecord[] {
  if (!corpus || corpus.learned.length === 0) return [];
  return [{ setting, identity, strategy, maxActions, recipes: corpus.learned }];
}

/** @throws {UserError} for `--path` without what it needs to name one run. */
export function refusePath({ path, seed }: FuzzCommandOptions, settings: number): void {
  if (path === undefined || (seed !== undefined && settings === 1)) return;
  throw new UserError(
    "bad-option",
    `--path repeats one run: give its --seed, and options that leave one setting (these leave ${settings}: ` +
      "choose with --adversary, --byzantine, --property and --clients).",
  );
}
