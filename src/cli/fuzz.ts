// `turncoat fuzz`: random runs of the model, beyond the bounds that a search can exhaust.

import type { Command } from "commander";
import { removeStale } from "../files/atomic.js";
import { readCampaigns, readCorpus } from "../fuzz/index.js";
import { type Paint, paintFor } from "../render/paint.js";
import { round } from "../report/numbers.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { withModuleOption } from "./foreign-modules.js";
import {
  type CampaignStart,
  type MadeCampaigns,
  makeCampaigns,
  plannedCampaigns,
  recordsOf,
  refusePath,
  save,
} from "./fuzz-campaigns.js";
import { mergedCampaigns } from "./fuzz-merge.js";
import { type FuzzCommandOptions, withFuzzOptions } from "./fuzz-options.js";
import { commandReport, documentOf, tell } from "./fuzz-results.js";
import { onInterrupt } from "./interrupt.js";
import { printJson } from "./print-json.js";
import { clearReports, wantsReports, withReportOptions, writeReports } from "./report-files.js";
import { sayFaults } from "./say-faults.js";

export function addFuzz(command: Command): void {
  command.argument("[protocol]", "pbft (default), a mutant such as pbft/quorum-2f, or ./my-protocol.ts");
  withFuzzOptions(command)
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
  const start = await startFrom(options);
  const paint = paintFor(process.stdout.isTTY === true);
  const made = options.merge
    ? await merged(options.merge, options)
    : await planAndMake(protocol, options, start, paint);
  const { campaigns, faults } = made;
  await save(recordsOf(made), options.merge ? [] : start.earlier, options);
  const isFaultAlone = campaigns.length === 0 && faults.length > 0; // then nothing but the fault is told, but reports are written
  const secondsSoFar = () => round((performance.now() - startedAt) / 1000);
  const verdict = worstRun(campaigns.map(({ result }) => result.verdict));
  if (!isFaultAlone && options.json) printJson(documentOf(made, start.seed, secondsSoFar()));
  else if (!isFaultAlone) tell(made, paint);
  if (wantsReports(options))
    await writeReports(options, await commandReport(made, start.seed, secondsSoFar()));
  if (isFaultAlone) throw faults[0]!.error;
  sayFaults(faults);
  if (start.signal.aborted) return exitCode.interrupted;
  return faults.length > 0 ? exitCode.usage : exitCodeOf(verdict, false);
}

async function startFrom({ resume, corpus, seed }: FuzzCommandOptions): Promise<CampaignStart> {
  const signal = onInterrupt();
  const earlier = resume === undefined ? [] : await readCampaigns(resume);
  return {
    signal,
    earlier,
    corpus: corpus === undefined ? null : await readCorpus(corpus),
    seed: seed ?? earlier[0]?.state.seed ?? Math.floor(Math.random() * 2 ** 31),
  };
}

async function merged(files: readonly string[], options: FuzzCommandOptions): Promise<MadeCampaigns> {
  return { campaigns: await mergedCampaigns(files, options), faults: [], unfinished: [], notBegun: 0 };
}

/** Plans and runs the campaigns. Before the first run it prints the version and the seed, which repeat them. */
async function planAndMake(
  protocol: string | undefined,
  options: FuzzCommandOptions,
  start: CampaignStart,
  paint: Paint,
): Promise<MadeCampaigns> {
  const runs = await plannedCampaigns(protocol, options, start.earlier);
  refusePath(options, runs.length);
  const repeats = `(node ${process.version}, --seed ${start.seed})`;
  if (!options.json) console.log(paint.bold(`turncoat ${version} fuzz`), paint.dim(repeats));
  return makeCampaigns(runs, options, start);
}
