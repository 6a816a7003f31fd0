// The options of `turncoat fuzz`.

import { type Command, Option } from "commander";
import { type FuzzOptions, strategies, strategyNamed } from "../fuzz/index.js";
import type { ModuleOptions } from "./foreign-modules.js";
import {
  choice,
  duration,
  integer,
  list,
  type SettingOptions,
  type Shard,
  shard,
  withSettingOptions,
  withTimingOptions,
} from "./options.js";
import type { ReportFiles } from "./report-files.js";

/** The parsed options of the command. */
export interface FuzzCommandOptions extends SettingOptions, ReportFiles, ModuleOptions {
  readonly runs?: number;
  readonly time?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly strategy?: string;
  readonly maxActions?: number;
  readonly failures?: number;
  readonly shard?: Shard;
  readonly workers?: number;
  readonly report?: string;
  readonly resume?: string;
  readonly corpus?: string;
  readonly cache?: string;
  readonly merge?: readonly string[];
  readonly minimizeTime?: number;
  readonly minimize?: boolean;
  readonly traces: string;
  readonly json?: boolean;
}

/** Adds the options, in the order of `--help`. */
export function withFuzzOptions(command: Command): Command {
  return withResultOptions(withCampaignOptions(withTimingOptions(withSettingOptions(command))));
}

/** Adds how runs are made, for campaigns on this machine and on many. */
export function withRunOptions(command: Command): Command {
  return command
    .option("--max-actions <n>", "actions in one run at most (default: 200; timed: 2000)", integer(1))
    .addOption(
      choice(
        new Option("--strategy <name>", "how runs choose what happens next (default: mixed)"),
        strategies.map(({ name }) => name),
      ),
    )
    .option("--failures <k>", "stop after k different failures (default: 1)", integer(1));
}

function withCampaignOptions(command: Command): Command {
  command
    .optionsGroup("The campaign:")
    .option(
      "--runs <n>",
      "how many runs for each setting (default: 1000, or no limit with --time)",
      integer(1),
    )
    .option("--time <s>", "how long for each setting, in seconds", duration)
    .option("--seed <n>", "repeats a campaign (default: a random one, printed)", integer(0))
    .option(
      "--path <path>",
      "repeats one failing run, which the campaign has printed; with its --seed and the same options",
    );
  return withRunOptions(command)
    .option("--shard <i/k>", "make only the i-th of k parts of the campaign, as for machines in CI", shard)
    .option("--workers <n>", "threads (default: the cores, where there are runs enough)", integer(1))
    .option("--report <file>", "write what it takes to go on, or to merge: the same bytes for the same seed")
    .option(
      "--resume <file>",
      "go on where a campaign with --report has stopped, and fill its gaps; --runs counts from its beginning",
    )
    .option("--corpus <file>", "begin with what earlier campaigns have learned, and add what this one learns")
    .option(
      "--cache <dir>",
      "keep evaluated steps there, and begin with those of earlier campaigns of the same code: it saves time and changes nothing else",
    )
    .option(
      "--merge <files>",
      "make one report of those of all shards (comma-separated), and run nothing",
      list,
    );
}

function withResultOptions(command: Command): Command {
  return command
    .optionsGroup("Results:")
    .option(
      "--minimize-time <s>",
      "how long to minimize each failure, in seconds (default: 20); what is shortest then is kept, and its trace says so",
      duration,
    )
    .option("--no-minimize", "write failures as they were found")
    .option("--traces <dir>", "where minimized counterexamples are written", "./traces")
    .option("--json", "one JSON document on standard output");
}

/** The options for the fuzzer, except the seed, which the command chooses. */
export function fuzzOptions(options: FuzzCommandOptions): FuzzOptions {
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
