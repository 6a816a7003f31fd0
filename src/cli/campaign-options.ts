// The options of `turncoat campaign`. Each belongs to some of its actions, and is refused with others.

import { type Command, Option } from "commander";
import { serverVariable } from "../campaign/index.js";
import { UserError } from "../model/errors.js";
import { givenOptions } from "../parameters/asking.js";
import { flag } from "../parameters/parameter.js";
import { timingParameters } from "../parameters/timing.js";
import type { MetricsAddress } from "../run/metrics.js";
import { builtinSuites } from "../suite/built-in.js";
import { type ModuleOptions, withModuleOption } from "./foreign-modules.js";
import { withRunOptions } from "./fuzz-options.js";
import {
  choice,
  duration,
  integer,
  metricsAddress,
  reductions,
  type SettingOptions,
  withSettingOptions,
  withTimingOptions,
} from "./options.js";
import { type ReportFiles, withReportOptions } from "./report-files.js";

export const actions = ["start", "work", "status", "stop", "result"] as const;

/** What `turncoat campaign` does. */
export type CampaignAction = (typeof actions)[number];

/** The parsed options of the command. */
export interface CampaignOptions extends SettingOptions, ReportFiles, ModuleOptions {
  readonly redis?: string;
  readonly name?: string;
  readonly runs?: number;
  readonly seed?: number;
  readonly maxActions?: number;
  readonly strategy?: string;
  readonly failures?: number;
  readonly corpus?: string;
  readonly check?: boolean;
  readonly suite?: keyof typeof builtinSuites;
  readonly mutants?: boolean;
  readonly reduce?: readonly string[];
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxDepth?: number;
  readonly maxViolations?: number;
  readonly saveEvery?: number;
  readonly allowInconclusive?: boolean;
  readonly threads?: number;
  readonly metrics?: MetricsAddress;
  readonly watch?: boolean;
  readonly wait?: boolean;
  readonly remove?: boolean;
  readonly report?: string;
  readonly ndjson?: string;
  readonly minimizeTime?: number;
  readonly minimize?: boolean;
  readonly traces: string;
  readonly json?: boolean;
}

/** Options of other actions than `start`, and the actions that they belong to. */
const belongsTo: { readonly [option: string]: readonly CampaignAction[] } = {
  redis: actions,
  corpus: ["start", "result"],
  ...{ threads: ["work"], metrics: ["work"], saveEvery: ["work"] },
  allowModule: ["work", "result"],
  watch: ["status"],
  wait: ["result"],
  remove: ["stop"],
  json: ["status", "result"],
  allowInconclusive: ["result"],
  ...{
    report: ["result"],
    ndjson: ["result"],
    traces: ["result"],
    minimize: ["result"],
    minimizeTime: ["result"],
  },
  ...{ junit: ["result"], html: ["result"], summary: ["result"] },
};

/** Adds the options, in the order of `--help`. */
export function withCampaignOptions(command: Command): Command {
  command
    .optionsGroup("The server:")
    .option(
      "--redis <url>",
      `the server: redis://HOST:PORT, or rediss:// for TLS (default: the environment variable ${serverVariable}, where a password belongs)`,
    );
  withStartOptions(withTimingOptions(withSettingOptions(command)));
  withCheckOptions(command);
  withWorkOptions(command);
  command
    .optionsGroup("Of campaign status and stop:")
    .option("--watch", "go on telling, until the campaign is over")
    .option("--remove", "with stop: leave nothing of the campaign in the server, its results included");
  command
    .optionsGroup("Of campaign result:")
    .option("--wait", "wait until the campaign is over")
    .option(
      "--report <file>",
      "write the campaign file that turncoat fuzz would have written: the same bytes",
    )
    .option(
      "--ndjson <file>",
      "write an archive: who made what and when, failures and results, a JSON document a line",
    )
    .option("--minimize-time <s>", "how long to minimize each failure, in seconds (default: 20)", duration)
    .option("--no-minimize", "write failures as they were found")
    .option("--traces <dir>", "where minimized counterexamples are written", "./traces")
    .option("--allow-inconclusive", "exit with 0 when a search has reached a limit")
    .option("--json", "one JSON document on standard output; of status, too");
  return withReportOptions(command);
}

function withWorkOptions(command: Command): Command {
  command
    .optionsGroup("Of campaign work:")
    .option("--threads <n>", "threads that make blocks, or searches (default: the cores)", integer(1))
    .option(
      "--save-every <s>",
      "how often a search is saved in the server, in seconds (default: 60)",
      duration,
    )
    .option(
      "--metrics <address>",
      "serve metrics for Prometheus at /metrics: a port of this machine, or host:port (default: none)",
      metricsAddress,
    );
  return withModuleOption(command);
}

function withStartOptions(command: Command): Command {
  command
    .optionsGroup("Of campaign start, besides what is checked:")
    .option("--name <name>", "the campaign's name (default: the protocol's and a digest of all options)")
    .option("--runs <n>", "how many runs for each setting (default: until it is stopped)", integer(1))
    .option("--seed <n>", "the seed of all runs (default: a random one, printed)", integer(0));
  return withRunOptions(command).option(
    "--corpus <file>",
    "begin with what earlier campaigns have learned; with result: add what this one has learned, if it was started so",
  );
}

/** What searches are started with, beside the setting. */
const ofSearches = [
  "suite",
  "mutants",
  "reduce",
  "maxStates",
  "maxSeconds",
  "maxDepth",
  "maxViolations",
] as const;

/** What random runs are started with. */
const ofRandomRuns = ["runs", "seed", "maxActions", "strategy", "failures", "corpus"] as const;

function withCheckOptions(command: Command): Command {
  return command
    .optionsGroup("Of campaign start --check, which makes the searches of turncoat check, one a job:")
    .option("--check", "search exhaustively, instead of making random runs")
    .addOption(
      choice(
        new Option("--suite <name>", "a built-in suite (default: those of turncoat.config, or standard)"),
        Object.keys(builtinSuites),
      ),
    )
    .option("--mutants", "the protocol and all its mutants")
    .option("--reduce <names>", "as in turncoat check", reductions)
    .option("--max-states <n>", "stop a search after so many states: inconclusive", integer(1))
    .option("--max-seconds <s>", "stop a search after so many seconds: inconclusive", duration)
    .option("--max-depth <n>", "stop a search at this depth: inconclusive", integer(0))
    .option("--max-violations <k>", "look for so many distinct counterexamples (default: 1)", integer(1));
}

/** @throws {UserError} `bad-option` for an option of searches where random runs are made, and the other way around. */
export function refuseOtherKind(options: CampaignOptions): void {
  const wrong = (options.check ? ofRandomRuns : ofSearches).find((name) => options[name] !== undefined);
  const timed = options.check ? givenOptions(timingParameters, { ...options }) : []; // a search knows no clock
  const [option] = [...(wrong === undefined ? [] : [flag(wrong)]), ...timed];
  if (option === undefined) return;
  throw new UserError(
    "bad-option",
    options.check
      ? `${option} is of random runs: leave it out, or leave out --check.`
      : `${option} is of searches: it belongs to campaign start --check.`,
  );
}

/** @throws {UserError} `bad-option` for an option that belongs to another action. */
export function refuseOthersOptions(action: CampaignAction, command: Command): void {
  const given = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli",
  );
  for (const option of given) {
    const owners = belongsTo[option.attributeName()] ?? ["start"];
    if (owners.includes(action)) continue;
    const of = owners.map((owner) => `campaign ${owner}`).join(" and ");
    throw new UserError("bad-option", `${option.long} belongs to ${of}, not to campaign ${action}.`);
  }
}
