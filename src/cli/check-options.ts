// The options of `turncoat check`.

import { type Command, Option } from "commander";
import { builtinSuites } from "../suite/built-in.js";
import {
  bytes,
  choice,
  duration,
  integer,
  reductions,
  type Shard,
  shard,
  withSettingOptions,
} from "./options.js";
import type { ChoiceOptions } from "./planned-suites.js";
import type { ReportFiles } from "./report-files.js";
import type { RunningOptions } from "./run-options.js";

/** The parsed options of the command. */
export interface CheckOptions extends ChoiceOptions, RunningOptions, ReportFiles {
  readonly allowInconclusive?: boolean;
  readonly json?: boolean;
  readonly shard?: Shard;
  readonly watch?: boolean;
}

/** Adds the options, in the order of `--help`. */
export function withCheckOptions(command: Command): Command {
  return withResultOptions(withSearchOptions(withLimitOptions(withSettingOptions(command))));
}

function withLimitOptions(command: Command): Command {
  return command
    .optionsGroup("Limits:")
    .option("--max-states <n>", "stop after so many states: inconclusive", integer(1))
    .option("--max-seconds <s>", "stop a run after so many seconds: inconclusive", duration)
    .option(
      "--max-memory <size>",
      "stop at this much memory, as in 4GB: inconclusive (default: half of the machine's)",
      bytes,
    )
    .option("--max-depth <n>", "stop at this depth: inconclusive", integer(0));
}

function withSearchOptions(command: Command): Command {
  const sized = command
    .optionsGroup("The search:")
    .option(
      "--workers <n>",
      "runs side by side; threads for a single run of over 400,000 states (default: one for each core)",
      integer(1),
    )
    .option(
      "--reduce <names>",
      "visible-steps (default), dominance (fewer states, safety only), dead-messages, symmetry, no-tallies (look at every subset of votes, however many), several with commas; none for the plain search, or sleep-sets for the same states by fewer transitions",
      reductions,
    );
  return withModeOptions(withSuiteOptions(sized));
}

function withSuiteOptions(command: Command): Command {
  return command
    .addOption(
      choice(
        new Option("--suite <name>", "a built-in suite (default: those of turncoat.config, or standard)"),
        Object.keys(builtinSuites),
      ),
    )
    .option("--shard <i/k>", "make only the i-th of k parts of the runs, as for machines in CI", shard)
    .option(
      "--cache <dir>",
      "keep finished verdicts there, and take those of runs of which nothing has changed since",
    );
}

function withModeOptions(command: Command): Command {
  return command
    .option(
      "--max-violations <k>",
      "look for so many distinct counterexamples (default: 1, or 10 with --continue)",
      integer(1),
    )
    .option("--continue", "go on past violations: count all states, and list all distinct causes")
    .option(
      "--mutants",
      "the protocol and all its mutants: what exposes each, and which rules no mutant tests",
    )
    .option("--resume <file>", "go on with a check that was interrupted or cut, from the file that it left")
    .option("--watch", "check again whenever a file has changed: only the runs that it touches")
    .option("--explain", "say what makes the search large or slow, and what to lower or drop");
}

function withResultOptions(command: Command): Command {
  return command
    .optionsGroup("Results:")
    .option("--traces <dir>", "where counterexamples are written", "./traces")
    .option("--allow-inconclusive", "exit with 0 when a limit was reached")
    .option("--json", "one JSON document on standard output");
}
