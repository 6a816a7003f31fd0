// `turncoat campaign result`: merges what machines have made, and reports it as `turncoat fuzz` reports a
// campaign of its own; searches as `turncoat check` does. Nothing in the server changes.

import {
  type CampaignPlan,
  type CampaignProgress,
  CampaignStore,
  decodeState,
  isCheckPlan,
  isOver,
  optionsOf,
  type PartRest,
  planText,
  restOf,
} from "../campaign/index.js";
import { type Entry, findProtocol } from "../catalogue/index.js";
import { removeStale } from "../files/atomic.js";
import type { CampaignRecord } from "../fuzz/index.js";
import { isFault, UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { paintFor } from "../render/paint.js";
import { settingName } from "../render/setting.js";
import type { CampaignSection } from "../report/campaign-html.js";
import { type FaultyRun, faultJson } from "../report/faulty-run.js";
import { type CompletedCampaign, fuzzJson } from "../report/fuzz.js";
import { round } from "../report/numbers.js";
import { decodeTrace } from "../trace/index.js";
import { worstRun } from "../verdict/verdict.js";
import { writeArchive } from "./campaign-archive.js";
import type { CampaignOptions } from "./campaign-options.js";
import { elapsedOf, tellSearches } from "./campaign-searches.js";
import { campaignMeant, planOf, refuseOtherIdentity, type Server, withServer } from "./campaign-server.js";
import { failureLine } from "./campaign-status.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { faultyRun } from "./faulty-run.js";
import { type CampaignDependencies, makeCampaign } from "./fuzz-campaign.js";
import { type MadeCampaigns, recordsOf, save, withNotes } from "./fuzz-campaigns.js";
import { commandReport, documentOf, tell } from "./fuzz-results.js";
import { onInterrupt } from "./interrupt.js";
import { printJson } from "./print-json.js";
import { clearReports, wantsReports, writeReports } from "./report-files.js";
import { sayFaults } from "./say-faults.js";

const waitEveryMs = 500;

export async function tellResult(name: string | undefined, options: CampaignOptions): Promise<number> {
  clearReports(options);
  removeStale(options.traces);
  const signal = onInterrupt();
  return withServer(options, async (server) => {
    const store = new CampaignStore(server.redis, await campaignMeant(server, name));
    const plan = await planOf(store, server);
    await refuseOtherIdentity(store.name, plan, options);
    const progress = await progressOf(store, options.wait === true, signal);
    if (isCheckPlan(plan)) {
      refuseOfRandomRuns(options);
      return tellSearches(store, plan, progress, options);
    }
    const made = await merged({ store, plan, server, options, signal });
    await sayMissing(store, plan, made);
    await writeArchive(store, plan, progress, options, [
      ...made.campaigns.map(fuzzJson),
      ...made.faults.map(faultJson),
    ]);
    const parts = plan.parts.map(({ setting }) => settingName(setting));
    const section = { name: store.name, isOfSearches: false, history: await store.history(), parts };
    return report(made, plan.seed, round(elapsedOf(progress)), options, section);
  });
}

/** @throws {UserError} `bad-option` for a file that searches do not have. */
function refuseOfRandomRuns({ report, corpus }: CampaignOptions): void {
  const wrong = report !== undefined ? "--report" : corpus !== undefined ? "--corpus" : null;
  if (wrong === null) return;
  throw new UserError(
    "bad-option",
    `${wrong} is of random runs, and this is a campaign of searches: leave it out.`,
  );
}

/** Says which failures were told and are not in the result: a fault of the user's code in an earlier block has ended the part. */
async function sayMissing(
  store: CampaignStore,
  plan: CampaignPlan,
  { campaigns }: MadeCampaigns,
): Promise<void> {
  for (const failure of await store.told()) {
    const { setting } = plan.parts[failure.part]!;
    const reported = campaigns.find(({ planned }) => planned.description === setting);
    if (reported && reported.result.failures.length > 0) continue;
    console.error(visibleText(`Found, and not in this report: ${failureLine(plan, failure)}`));
  }
}

async function progressOf(
  store: CampaignStore,
  waits: boolean,
  signal: AbortSignal,
): Promise<CampaignProgress> {
  for (;;) {
    const progress = (await store.progress())!;
    if (!waits || isOver(progress) || signal.aborted) return progress;
    await new Promise((resolve) => setTimeout(resolve, waitEveryMs));
  }
}

/** What a result is made from. */
interface Source {
  readonly store: CampaignStore;
  readonly plan: CampaignPlan;
  readonly server: Server;
  readonly options: CampaignOptions;
  readonly signal: AbortSignal;
}

async function merged(source: Source): Promise<MadeCampaigns> {
  const campaigns: CompletedCampaign[] = [];
  const faults: FaultyRun[] = [];
  const unfinished: CampaignRecord[] = [];
  const { store, plan, server } = source;
  for (const [index, { setting, identity }] of plan.parts.entries()) {
    const rest = await restOf(store, plan, index);
    if (rest === null) {
      await planText(store, server.shown); // says that the server does not know it
      throw new Error("a campaign without progress");
    }
    const start = rest.state && {
      setting,
      identity,
      state: decodeState(rest.state, `The campaign ${store.name}`),
    };
    let last: CampaignRecord | null = start;
    const keep = async (record: CampaignRecord) => {
      last = record;
    };
    const planned = { description: setting, expect: null, reduction: null };
    const entry = await findProtocol(setting.protocol);
    try {
      const dependencies = dependenciesOf(source, rest, index, entry, start);
      campaigns.push(withNotes(await makeCampaign(planned, { ...dependencies, onBlock: keep }), entry));
    } catch (error) {
      if (!isFault(error)) throw error;
      faults.push(await faultyRun(planned, error));
      if (last !== null) unfinished.push(last);
    }
  }
  return { campaigns, faults, unfinished, notBegun: 0 };
}

function dependenciesOf(
  { store, plan, options, signal }: Source,
  { progress, blocks }: PartRest,
  index: number,
  { adversaries }: Entry,
  start: CampaignRecord | null,
): CampaignDependencies {
  return {
    adversaries,
    options: { ...optionsOf(plan, plan.parts[index]!), signal },
    directory: options.traces,
    cache: undefined,
    corpus: null,
    earlier: { file: `The campaign ${store.name}`, records: start ? [start] : [] },
    workers: 1,
    minimizeSeconds: options.minimize === false ? 0 : (options.minimizeTime ?? 20),
    made: {
      blocks,
      knownInARow: progress.parts[index]!.knownInARow,
      isPartial: isPartial(plan, progress, index),
      minimized: async (path) => {
        const text = await store.minimized(index, path);
        return text === null ? null : decodeTrace(text, `The trace of --path '${path}'`);
      },
    },
    onBlock: null,
  };
}

/** Whether a part is reported before its end. One without a limit ends when it is stopped. */
function isPartial(
  { maxRuns }: CampaignPlan,
  { parts, isStopped }: CampaignProgress,
  index: number,
): boolean {
  return !parts[index]!.isOver && !(isStopped && maxRuns === null);
}

async function report(
  made: MadeCampaigns,
  seed: number,
  seconds: number,
  options: CampaignOptions,
  campaign: CampaignSection,
): Promise<number> {
  const { campaigns, faults } = made;
  await save(recordsOf(made), [], {
    traces: options.traces,
    ...(options.report !== undefined && { report: options.report }),
    ...(options.corpus !== undefined && { corpus: options.corpus }),
  });
  const isFaultAlone = campaigns.length === 0 && faults.length > 0;
  if (!isFaultAlone && options.json) printJson(documentOf(made, seed, seconds));
  else if (!isFaultAlone) tell(made, paintFor(process.stdout.isTTY === true));
  if (wantsReports(options)) {
    const report = await commandReport(made, seed, seconds);
    await writeReports(options, { ...report, campaign });
  }
  if (isFaultAlone) throw faults[0]!.error;
  sayFaults(faults);
  if (faults.length > 0) return exitCode.usage;
  return exitCodeOf(worstRun(campaigns.map(({ result }) => result.verdict)), false);
}
