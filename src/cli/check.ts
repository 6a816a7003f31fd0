// `turncoat check`: bounded exhaustive search, of one protocol or of whole suites.

import type { Command } from "commander";
import { findProtocol } from "../catalogue/index.js";
import { removeStale } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { type MadeRun, withVerdict } from "../report/check.js";
import { showLimits } from "../watch/shared.js";
import { hintsOf } from "./check-hints.js";
import { type CheckOptions, withCheckOptions } from "./check-options.js";
import { makeRuns } from "./check-runs.js";
import { Teller } from "./check-teller.js";
import { withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { setLastWords } from "./last-words.js";
import { givenSettingOptions } from "./options.js";
import { type PlannedSuite, plannedSuites, resumedSuite, shardOf } from "./planned-suites.js";
import { clearReports, withReportOptions } from "./report-files.js";
import { checkAndWatch } from "./watch.js";

export function addCheck(command: Command): void {
  command.argument(
    "[protocol]",
    "pbft, a mutant such as pbft/quorum-2f, or ./my-protocol.ts (default: the suites)",
  );
  withCheckOptions(command)
    .addHelpText("after", examples)
    .action(async (protocol: string | undefined, options: CheckOptions) => {
      process.exitCode = options.watch
        ? await checkAndWatch(
            protocol,
            options,
            process.argv.slice(2).filter((word) => word !== "--watch"),
          )
        : await check(protocol, options);
    });
  withModuleOption(withReportOptions(command));
}

const examples = `
Examples:
  turncoat check                                        the suites of turncoat.config, or the built-in PBFT suite
  turncoat check pbft --adversary arbitrary --views 1   correct PBFT against everything, in every place
  turncoat check pbft/quorum-2f                         a mutant, in the setting known to expose it
  turncoat check ./examples/broadcast.ts                a protocol of your own`;

async function check(protocol: string | undefined, options: CheckOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  removeStale(options.traces);
  const suites = await chosenSuites(protocol, options);
  const isSingle = protocol !== undefined || options.resume !== undefined;
  const signal = onInterrupt();
  const teller = new Teller(suites, options, isSingle, startedAt);
  teller.tellBeginning("check");
  const made = await makeRuns(suites, options, {
    isSingle,
    signal,
    onSuite: (suite, runs) => teller.tellSuite(suite, runs),
    onRun: (soFar) => setLastWords(teller.lastWords(soFar)),
  });
  return teller.finish(made, protocol, signal.aborted, await hintsFor(protocol, options, made));
}

async function hintsFor(
  protocol: string | undefined,
  options: CheckOptions,
  made: readonly MadeRun[],
): Promise<readonly string[]> {
  if (protocol === undefined || options.mutants) return [];
  const given = givenSettingOptions(options);
  return hintsOf(await findProtocol(protocol), withVerdict(made), {
    protocol,
    hasSetting: given.length > 0,
    namesAdversary: given.includes("--adversary"),
  });
}

/**
 * The suites to check. Planning calls functions of the user's, such as digest(), so the command's limits of time and
 * memory hold for it too.
 */
async function chosenSuites(
  protocol: string | undefined,
  options: CheckOptions,
): Promise<readonly PlannedSuite[]> {
  const { resume } = options;
  if (resume !== undefined && options.continue)
    throw new UserError(
      "bad-option",
      "A search with --continue leaves no file to go on from: leave out --resume.",
    );
  const { maxSeconds = Number.POSITIVE_INFINITY, maxMemory = Number.POSITIVE_INFINITY } = options;
  showLimits(Date.now() + maxSeconds * 1000, maxMemory);
  const all = resume ? [resumedSuite(resume, protocol, options)] : await plannedSuites(protocol, options);
  const suites = options.shard ? shardOf(all, options.shard) : all;
  showLimits(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return suites;
}
