// Plans the runs of `turncoat check`: those of the named protocol, or those of suites.

import { findProtocol, type SettingDescription } from "../catalogue/index.js";
import { readCheckpointHeader } from "../explore/checkpoint.js";
import { UserError } from "../model/errors.js";
import { mutantsOf } from "../report/sufficiency.js";
import { builtinSuites } from "../suite/built-in.js";
import { configuredSuites } from "../suite/config.js";
import { type PlannedRun, plan } from "../suite/plan.js";
import type { CheckRequest, Suite } from "../suite/request.js";
import { type ModuleOptions, refuseForeignModule } from "./foreign-modules.js";
import { givenSettingOptions, requestFrom, type SettingOptions, type Shard } from "./options.js";

/** The options that choose runs. */
export interface ChoiceOptions extends SettingOptions, ModuleOptions {
  /** See `reductions`. */
  readonly reduce?: readonly string[];
  readonly suite?: keyof typeof builtinSuites;
  /** The mutants of the protocol, too. */
  readonly mutants?: boolean;
}

/** A suite with its planned runs. */
export interface PlannedSuite {
  readonly name: string;
  readonly runs: readonly PlannedRun[];
}

/**
 * The suites to run.
 *
 * @throws {UserError} `bad-option` for options that make no sense together.
 */
export async function plannedSuites(
  protocol: string | undefined,
  options: ChoiceOptions,
): Promise<PlannedSuite[]> {
  const suites = await chosenSuites(protocol, options);
  return Promise.all(
    suites.map(async ({ name, requests }) => ({
      name,
      runs: (await Promise.all(requests.map(planOf))).flat(),
    })),
  );
}

async function planOf(request: CheckRequest): Promise<PlannedRun[]> {
  return plan(await findProtocol(request.protocol), request);
}

/**
 * One shard of the runs: the runs of all suites are dealt out in turn, like cards. (The runs of one request are
 * neighbours and take about the same time, so shards do too.) Equal suites give equal shards.
 *
 * @throws {UserError} `bad-option` if a shard has no runs, since it would pass without checking anything.
 */
export function shardOf(suites: readonly PlannedSuite[], { index, of }: Shard): PlannedSuite[] {
  const total = suites.reduce((sum, { runs }) => sum + runs.length, 0);
  if (of > total)
    throw new UserError(
      "bad-option",
      `--shard ${index}/${of}: there ${total === 1 ? "is one run" : `are ${total} runs`}, so some shard has none: use --shard I/${total} at most.`,
    );
  let before = 0;
  const dealt = suites.map(({ name, runs }) => {
    const first = before;
    before += runs.length;
    return { name, runs: runs.filter((_, at) => (first + at) % of === index - 1) };
  });
  return dealt.filter(({ runs }) => runs.length > 0);
}

/** The run of a checkpoint file, which describes it completely. */
export function resumedSuite(
  file: string,
  protocol: string | undefined,
  options: ChoiceOptions,
): PlannedSuite {
  const given = [...(protocol === undefined ? [] : [protocol]), ...givenSettingOptions(options)];
  if (given.length > 0 || options.suite)
    throw new UserError(
      "bad-option",
      `What to check stands in ${file}: leave out ${[...given, ...(options.suite ? ["--suite"] : [])].join(", ")}.`,
    );
  const { setting, reduction } = readCheckpointHeader(file);
  const description = setting as unknown as SettingDescription;
  refuseForeignModule(file, description.protocol, options);
  return { name: `${description.protocol}, resumed`, runs: [{ description, expect: null, reduction }] };
}

async function chosenSuites(protocol: string | undefined, options: ChoiceOptions): Promise<readonly Suite[]> {
  if (protocol !== undefined) {
    if (options.suite) throw new UserError("bad-option", "Name a protocol or a --suite, not both.");
    await findProtocol(protocol);
    const request = requestFrom(protocol, options);
    return [{ name: protocol, requests: options.mutants ? await withMutants(request) : [request] }];
  }
  if (options.mutants)
    throw new UserError(
      "bad-option",
      "--mutants needs a protocol, as in: turncoat check ./my-protocol.ts --mutants",
    );
  const given = givenSettingOptions(options);
  if (given.length > 0)
    throw new UserError(
      "bad-option",
      `Options that say what to check need a protocol (${given.join(", ")}), as in: turncoat check pbft ${given[0]} ...`,
    );
  if (options.suite) return builtinSuites[options.suite];
  return (await configuredSuites()) ?? builtinSuites.standard;
}

/** The protocol, which must hold, and each of its mutants, whose verdicts are compared afterwards. */
async function withMutants(request: CheckRequest): Promise<readonly CheckRequest[]> {
  const mutants = mutantsOf(await findProtocol(request.protocol));
  if (mutants.length === 0)
    throw new UserError(
      "bad-option",
      `${request.protocol} has no mutants: its module exports some as \`mutants\` (docs/writing-a-protocol.md).`,
    );
  return [
    { ...request, expect: "holds" },
    ...mutants.map(({ mutant }): CheckRequest => ({ ...request, protocol: mutant, expect: "any" })),
  ];
}
