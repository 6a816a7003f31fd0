// `turncoat fuzz`: random walks through the same model, beyond the bounds that can be exhausted.

import { type Command, Option } from "commander";
import { findProtocol, settingFrom } from "../catalogue.js";
import { worstRun } from "../explore/verdict.js";
import { type FuzzOptions, type FuzzResult, fuzz } from "../fuzz/index.js";
import { minimize } from "../minimize/index.js";
import { UserError } from "../model/errors.js";
import { insideContract, type Setting } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import { type CompletedCampaign, fuzzJson, fuzzNotes, fuzzTable } from "../report/fuzz.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { paintFor } from "../report/paint.js";
import type { RunReport } from "../report/run-report.js";
import { fuzzReport } from "../report/search-reports.js";
import { settingName, settingsCaption } from "../report/setting.js";
import { type PlannedRun, plan } from "../suite/plan.js";
import { traceOf, writeTrace } from "../trace/index.js";
import { version } from "../version.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { integer, positive, requestFrom, type SettingOptions, withSettingOptions } from "./options.js";
import { ProgressLine } from "./progress.js";
import {
  clearReports,
  commandLine,
  type ReportFiles,
  shownTraces,
  wantsReports,
  withReportOptions,
  writeReports,
} from "./report-files.js";

interface FuzzCommandOptions extends SettingOptions, ReportFiles {
  readonly runs?: number;
  readonly time?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly strategy?: string;
  readonly maxActions?: number;
  readonly traces: string;
  readonly json?: boolean;
}

export function addFuzz(program: Command): void {
  const command = program
    .command("fuzz")
    .description("random walks: can we stumble on a violation beyond the bounds that can be exhausted?")
    .argument("[protocol]", "pbft, a mutant such as pbft/quorum-2f, or ./my-protocol.ts", "pbft");
  withSettingOptions(command)
    .option(
      "--runs <n>",
      "how many runs for each setting (default: 1000, or no limit with --time)",
      integer(1),
    )
    .option("--time <s>", "how long for each setting, in seconds", positive)
    .option("--seed <n>", "repeats a campaign (default: a random one, printed)", integer(0))
    .option("--path <path>", "repeats the failing run of a campaign, with its --seed and the same options")
    .option("--max-actions <n>", "actions in one run at most (default: 200)", integer(1))
    .addOption(new Option("--strategy <name>", "how a walk chooses").choices(["uniform"]))
    .option("--traces <dir>", "where minimized counterexamples are written", "./traces")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      "\nExample:\n  turncoat fuzz pbft --slots 3 --requests 3 --adversary lying-voter --time 60",
    )
    .action(async (protocol: string, options: FuzzCommandOptions) => {
      process.exitCode = await fuzzAll(protocol, options);
    });
  withReportOptions(command);
}

async function fuzzAll(protocol: string, options: FuzzCommandOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  const entry = await findProtocol(protocol);
  const runs = plan(entry, requestFrom(protocol, options));
  if (options.path !== undefined && (options.seed === undefined || runs.length > 1))
    throw new UserError(
      "bad-option",
      `--path repeats one run: give its --seed, and options that leave one setting (these leave ${runs.length}: ` +
        "choose with --adversary, --byzantine and --property).",
    );
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const paint = paintFor(process.stdout.isTTY === true);
  const signal = onInterrupt();
  if (!options.json)
    console.log(
      paint.bold(`turncoat ${version} fuzz`),
      paint.dim(`(node ${process.version}, --seed ${seed})`),
    );
  const campaigns: CompletedCampaign[] = [];
  for (const planned of runs) {
    campaigns.push(
      await campaign(planned, entry.adversaries, { ...fuzzOptions(options), seed, signal }, options.traces),
    );
    if (signal.aborted) break;
  }
  const verdict = worstRun(campaigns.map(({ result }) => result.verdict));
  if (options.json) {
    const elapsed = round((performance.now() - startedAt) / 1000);
    const document = {
      turncoat: version,
      command: "fuzz",
      seed,
      verdict,
      seconds: elapsed,
      runs: campaigns.map(fuzzJson),
    };
    console.log(JSON.stringify(document, null, 2));
  } else {
    console.log(paint.dim(settingsCaption(campaigns.map(({ planned }) => planned.description))));
    console.log(fuzzTable(campaigns, paint));
    for (const note of fuzzNotes(campaigns)) console.log(note);
  }
  if (wantsReports(options))
    await writeReports(options, {
      command: "fuzz",
      commandLine: commandLine(),
      verdict,
      seed,
      seconds: round((performance.now() - startedAt) / 1000),
      runs: await Promise.all(campaigns.map((one) => reportOf(one, protocol))),
      notBegun: runs.length - campaigns.length,
    });
  return signal.aborted ? exitCode.interrupted : exitCodeOf(verdict, false);
}

async function reportOf(campaign: CompletedCampaign, suite: string): Promise<RunReport> {
  const traces = await shownTraces(campaign.trace === null ? [] : [campaign.trace.file]);
  return fuzzReport(campaign, { suite, traces, allowInconclusive: false });
}

async function campaign(
  planned: PlannedRun,
  adversaries: readonly Adversary<Json>[],
  options: FuzzOptions,
  directory: string,
): Promise<CompletedCampaign> {
  const progress = new ProgressLine();
  const name = settingName(planned.description);
  const setting = await settingFrom(planned.description);
  const result = await fuzz(setting, {
    ...options,
    onProgress: (now) =>
      progress.show(
        name,
        now.seconds,
        `${grouped(now.runs)} runs, ${grouped(now.events)} events, ${grouped(now.distinctStates)} distinct states, ` +
          `${grouped(now.decided)} decided, ${seconds(now.seconds)}`,
      ),
  });
  progress.done(name, `${result.verdict}, ${grouped(result.runs)} runs, ${seconds(result.seconds)}`);
  const trace = await keepMinimized(setting, planned, result, adversaries, directory);
  return { planned, result, trace, insideContract: insideContract(setting) };
}

async function keepMinimized(
  setting: Setting,
  { description }: PlannedRun,
  result: FuzzResult,
  adversaries: readonly Adversary<Json>[],
  directory: string,
): Promise<CompletedCampaign["trace"]> {
  if (result.counterexample === null) return null;
  const minimized = await minimize(setting, result.counterexample, { adversaries });
  const path = result.path === null ? "" : `, path ${result.path}`;
  const origin = `fuzz, strategy ${result.strategy}, seed ${result.seed}${path}, minimized`;
  const { protocol } = description;
  const file = await writeTrace(
    directory,
    traceOf(minimized.setting, minimized.counterexample, { protocol, origin, minimal: true }),
  );
  return { file, actions: minimized.counterexample.actions.length };
}

function fuzzOptions({ runs, time, path, maxActions }: FuzzCommandOptions): FuzzOptions {
  return {
    ...(runs === undefined ? {} : { maxRuns: runs }),
    ...(time === undefined ? {} : { maxSeconds: time }),
    ...(path === undefined ? {} : { path }),
    ...(maxActions === undefined ? {} : { maxActions }),
  };
}
