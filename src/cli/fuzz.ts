// `turncoat fuzz`: random runs in the same model, beyond the bounds that can be exhausted.

import { type Command, Option } from "commander";
import { findProtocol, settingFrom } from "../catalogue/index.js";
import { removeStale } from "../files/atomic.js";
import {
  addToCorpus,
  type CampaignRecord,
  type CorpusRecord,
  type FuzzOptions,
  readCampaigns,
  readCorpus,
  settingKey,
  strategies,
  strategyNamed,
  writeCampaigns,
} from "../fuzz/index.js";
import { isFault, UserError } from "../model/errors.js";
import { insideContract } from "../model/setting.js";
import { paintFor } from "../render/paint.js";
import { settingCaptions, settingName } from "../render/setting.js";
import { type FaultyRun, faultJson, faultReport, faultWord } from "../report/faulty-run.js";
import { type CompletedCampaign, fuzzJson, fuzzNotes, fuzzTable } from "../report/fuzz.js";
import { round } from "../report/numbers.js";
import type { RunReport } from "../report/run-report.js";
import { fuzzReport } from "../report/search-reports.js";
import { type PlannedRun, plan } from "../suite/plan.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import { sayFaults } from "./error-lines.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { type ModuleOptions, refuseForeignModule, withModuleOption } from "./foreign-modules.js";
import { makeCampaign } from "./fuzz-campaign.js";
import { mergedCampaigns } from "./fuzz-merge.js";
import { onInterrupt } from "./interrupt.js";
import {
  choice,
  givenSettingOptions,
  integer,
  list,
  positive,
  requestFrom,
  type SettingOptions,
  shard,
  withSettingOptions,
  withTimingOptions,
} from "./options.js";
import { printJson } from "./print-json.js";
import {
  clearReports,
  commandLine,
  type ReportFiles,
  shownTraces,
  wantsReports,
  withReportOptions,
  writeReports,
} from "./report-files.js";
import { say } from "./say.js";
import { orSayLater, orSayLaterNow } from "./unwritten.js";

interface FuzzCommandOptions extends SettingOptions, ReportFiles, ModuleOptions {
  readonly runs?: number;
  readonly time?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly strategy?: string;
  readonly maxActions?: number;
  readonly failures?: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly workers?: number;
  readonly report?: string;
  readonly resume?: string;
  readonly corpus?: string;
  readonly merge?: readonly string[];
  readonly minimizeTime?: number;
  readonly minimize?: boolean;
  readonly traces: string;
  readonly json?: boolean;
}

export function addFuzz(command: Command): void {
  command.argument("[protocol]", "pbft (default), a mutant such as pbft/quorum-2f, or ./my-protocol.ts");
  withTimingOptions(withSettingOptions(command))
    .optionsGroup("The campaign:")
    .option(
      "--runs <n>",
      "how many runs for each setting (default: 1000, or no limit with --time)",
      integer(1),
    )
    .option("--time <s>", "how long for each setting, in seconds", positive)
    .option("--seed <n>", "repeats a campaign (default: a random one, printed)", integer(0))
    .option("--path <path>", "repeats the failing run of a campaign, with its --seed and the same options")
    .option("--max-actions <n>", "actions in one run at most (default: 200; timed: 2000)", integer(1))
    .addOption(
      choice(
        new Option("--strategy <name>", "how runs choose what happens next (default: mixed)"),
        strategies.map(({ name }) => name),
      ),
    )
    .option("--failures <k>", "go on until k different failures are found (default: 1)", integer(1))
    .option("--shard <i/k>", "make the i-th of k parts of the campaign", shard)
    .option("--workers <n>", "threads (default: the cores, where there are runs enough)", integer(1))
    .option("--report <file>", "write what it takes to go on, or to merge: the same bytes for the same seed")
    .option(
      "--resume <file>",
      "go on where a campaign with --report has stopped, and fill its gaps; --runs counts from its beginning",
    )
    .option("--corpus <file>", "begin with what earlier campaigns have learned, and add what this one learns")
    .option(
      "--merge <files>",
      "make one report of those of all shards (comma-separated), and run nothing",
      list,
    )
    .optionsGroup("Results:")
    .option(
      "--minimize-time <s>",
      "how long to minimize each failure, in seconds (default: 20); what is shortest then is kept, and its trace says so",
      positive,
    )
    .option("--no-minimize", "write failures as they were found")
    .option("--traces <dir>", "where minimized counterexamples are written", "./traces")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat fuzz pbft --slots 3 --requests 3 --adversary lying-voter --time 60\n" +
        "  turncoat fuzz pbft --gst 60ms --delta 10ms --timeout 20ms --adversary silent,arbitrary --time 60",
    )
    .action(async (protocol: string | undefined, options: FuzzCommandOptions) => {
      process.exitCode = await fuzzAll(protocol, options);
    });
  withModuleOption(withReportOptions(command));
}

async function fuzzAll(protocol: string | undefined, options: FuzzCommandOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  removeStale(options.traces);
  const signal = onInterrupt();
  const earlier = options.resume === undefined ? [] : await readCampaigns(options.resume);
  const corpus = options.corpus === undefined ? null : await readCorpus(options.corpus);
  const seed = options.seed ?? earlier[0]?.state.seed ?? Math.floor(Math.random() * 2 ** 31);
  const paint = paintFor(process.stdout.isTTY === true);
  const heading = () => {
    if (!options.json)
      console.log(
        paint.bold(`turncoat ${version} fuzz`),
        paint.dim(`(node ${process.version}, --seed ${seed})`),
      );
  };
  const campaigns: CompletedCampaign[] = [];
  const faults: FaultyRun[] = [];
  /** Of campaigns that ended with a fault: how far they were. */
  const leftBehind: CampaignRecord[] = [];
  const made = () => [...campaigns.map(recordFrom), ...leftBehind];
  let notBegun = 0;
  if (options.merge) campaigns.push(...(await mergedCampaigns(options.merge, options)));
  else {
    const runs = await plannedCampaigns(protocol, options, earlier);
    refusePath(options, runs.length);
    heading();
    const savesBlocks = options.path === undefined && (options.report ?? options.corpus) !== undefined;
    for (const planned of runs) {
      const entry = await findProtocol(planned.description.protocol);
      let last: CampaignRecord | null = null;
      try {
        const campaign = await makeCampaign(planned, {
          adversaries: entry.adversaries,
          options: { ...fuzzOptions(options), seed, signal },
          directory: options.traces,
          corpus: corpus && { file: options.corpus!, records: corpus },
          earlier: { file: options.resume ?? "", records: earlier },
          workers: options.workers,
          onBlock: savesBlocks
            ? (record) => {
                last = record;
                return save([...made(), record], earlier, options);
              }
            : null,
          minimizeSeconds: options.minimize === false ? 0 : (options.minimizeTime ?? 20),
        });
        const { result } = campaign;
        const notes = entry.protocol.notes?.() ?? [];
        campaigns.push({ ...campaign, result: { ...result, warnings: [...result.warnings, ...notes] } });
      } catch (error) {
        if (!isFault(error)) throw error;
        const { description } = planned;
        faults.push({ planned, error, insideContract: insideContract(await settingFrom(description)) });
        if (last !== null) leftBehind.push(last);
      }
      if (signal.aborted) break;
    }
    notBegun = runs.length - campaigns.length - faults.length;
  }
  await save(made(), options.merge ? [] : earlier, options);
  if (campaigns.length === 0 && faults[0]) throw faults[0].error; // there is nothing else to tell
  const verdict = worstRun(campaigns.map(({ result }) => result.verdict));
  if (options.json) {
    const elapsed = round((performance.now() - startedAt) / 1000);
    const document = {
      turncoat: version,
      command: "fuzz",
      seed: campaigns[0]?.result.seed ?? seed,
      verdict: faults.length > 0 && verdict === "holds" ? "inconclusive" : verdict,
      seconds: elapsed,
      runs: campaigns.map(fuzzJson),
      ...(faults.length > 0 && { faultyRuns: faults.map(faultJson) }),
    };
    printJson(document);
  } else {
    const descriptions = [...campaigns, ...faults].map(({ planned }) => planned.description);
    say(paint.dim(settingCaptions(descriptions).join("; ")), paint);
    console.log(fuzzTable([...campaigns, ...faults], paint));
    for (const note of fuzzNotes(campaigns)) say(note, paint);
  }
  if (wantsReports(options))
    await writeReports(options, {
      command: "fuzz",
      commandLine: commandLine(),
      verdict: faults.length > 0 ? faultWord : verdict,
      seed,
      seconds: round((performance.now() - startedAt) / 1000),
      runs: [
        ...(await Promise.all(campaigns.map((one) => reportOf(one, one.planned.description.protocol)))),
        ...faults.map((one) => faultReport(one, one.planned.description.protocol)),
      ],
      notBegun,
    });
  sayFaults(faults);
  if (signal.aborted) return exitCode.interrupted;
  return faults.length > 0 ? exitCode.usage : exitCodeOf(verdict, false);
}

async function reportOf(campaign: CompletedCampaign, suite: string): Promise<RunReport> {
  const traces = await shownTraces(campaign.traces.flatMap((trace) => trace?.file ?? []));
  return fuzzReport(campaign, { suite, traces, allowInconclusive: false });
}

/** The campaigns to make: those of the options, or else those of the file that is gone on with. */
async function plannedCampaigns(
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

function recordFrom({ planned, identity, result: { state } }: CompletedCampaign): CampaignRecord {
  return { setting: planned.description, identity, state };
}

/** Saves how far the campaigns are. What a file had that is gone on with, and that was not begun yet, stays in it. */
async function save(
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

/** What a campaign has learned, in the setting, with the strategy and the number of actions in which it is of use. */
function learnedIn({
  setting,
  identity,
  state: { strategy, maxActions, corpus },
}: CampaignRecord): CorpusRecord[] {
  if (!corpus || corpus.learned.length === 0) return [];
  return [{ setting, identity, strategy, maxActions, recipes: corpus.learned }];
}

function refusePath({ path, seed }: FuzzCommandOptions, settings: number): void {
  if (path === undefined || (seed !== undefined && settings === 1)) return;
  throw new UserError(
    "bad-option",
    `--path repeats one run: give its --seed, and options that leave one setting (these leave ${settings}: ` +
      "choose with --adversary, --byzantine, --property and --clients).",
  );
}

function fuzzOptions(options: FuzzCommandOptions): FuzzOptions {
  const { runs, time, path, maxActions, strategy, failures, shard: part } = options;
  return {
    ...(runs === undefined ? {} : { maxRuns: runs }),
    ...(time === undefined ? {} : { maxSeconds: time }),
    ...(path === undefined ? {} : { path }),
    ...(maxActions === undefined ? {} : { maxActions }),
    ...(strategy === undefined ? {} : { strategy: strategyNamed(strategy) }),
    ...(failures === undefined ? {} : { maxFailures: failures }),
    ...(part === undefined ? {} : { shard: part }),
  };
}
