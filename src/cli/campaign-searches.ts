// What `turncoat campaign` tells of a campaign of searches: the status, and the result, which is the report of one local
// `turncoat check` of the same suites.

import {
  type CampaignProgress,
  type CampaignStore,
  type CheckPlan,
  type CheckPlanRun,
  decodeRun,
  type MadeSearch,
  type RunNews,
  runsOf,
  stateOf,
  type WorkerNote,
} from "../campaign/index.js";
import { isFault, type UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { settingName } from "../render/setting.js";
import { checkJson, type MadeRun, withVerdict } from "../report/check.js";
import { faultJson, isFaulty } from "../report/faulty-run.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { errorFrom } from "../threads/portable-error.js";
import { tracingFaults } from "../trace/index.js";
import { version } from "../version.js";
import { writeArchive } from "./campaign-archive.js";
import type { CampaignOptions } from "./campaign-options.js";
import { Teller } from "./check-teller.js";
import { exitCode } from "./exit-codes.js";
import { faultyRun } from "./faulty-run.js";
import { keep } from "./kept-run.js";

/** Fetches, tells and reports what machines have searched. Returns the exit code. */
export async function tellSearches(
  store: CampaignStore,
  plan: CheckPlan,
  progress: CampaignProgress,
  options: CampaignOptions,
): Promise<number> {
  const startedAt = performance.now() - 1000 * elapsedOf(progress);
  const runs = runsOf(plan);
  const results = await store.results(0, [...runs.keys()]);
  const history = await store.history();
  const section = { name: store.name, isOfSearches: true, history, parts: [] };
  const telling = { ...options, mutants: plan.mutants };
  const teller = new Teller(plan.suites, telling, plan.protocol !== null, startedAt, section);
  teller.tellBeginning("check");
  const all: MadeRun[] = [];
  for (const { name, runs: planned } of plan.suites) {
    const made: MadeRun[] = [];
    for (const run of planned) {
      const bytes = results.shift();
      if (bytes) made.push(await madeRun(run, await decodeRun(bytes), options.traces));
    }
    if (made.length > 0) teller.tellSuite({ name, runs: planned }, made);
    all.push(...made);
  }
  await writeArchive(store, plan, progress, options, [
    ...withVerdict(all).map(checkJson),
    ...all.filter(isFaulty).map(faultJson),
  ]);
  const code = await teller.finish(all, plan.protocol ?? undefined, false);
  return code === exitCode.holds && all.length < runs.length ? exitCode.undecided : code;
}

/** A run as it would be had it been made here: its traces are written here, too. */
async function madeRun(planned: CheckPlanRun, made: MadeSearch, traces: string): Promise<MadeRun> {
  const { identity, description, expect, reduction } = planned;
  const run = { description, expect, reduction };
  if ("result" in made)
    return keep({ planned: run, identity, checkpointFile: null }, made.result, traces, null);
  const error = errorFrom({ ...made.error, traceFile: null }) as UserError;
  const tracing = { setting: description, parts: identity.parts, directory: traces };
  await tracingFaults(tracing, () => Promise.reject(error)).catch((thrown) => {
    if (!isFault(thrown)) throw thrown;
  });
  return faultyRun(run, error);
}

/** A search that has not come out as expected, in one line. */
export function unexpectedLine(plan: CheckPlan, { run, verdict, by }: RunNews): string {
  const { description, expect } = runsOf(plan)[run]!;
  return `${settingName(description)}: ${verdict}${expect === null ? "" : `, expected: ${expect}`}, by ${by}`;
}

/** What is known of a campaign of searches. */
export interface SearchesStatus {
  readonly name: string;
  readonly plan: CheckPlan;
  readonly progress: CampaignProgress;
  readonly workers: readonly WorkerNote[];
  readonly unexpected: readonly RunNews[];
  readonly givenUp: readonly { readonly job: string; readonly reason: string }[];
}

/** The lines of `turncoat campaign status`. */
export function searchesLines(status: SearchesStatus): string[] {
  const { name, plan, progress, workers, unexpected, givenUp } = status;
  const { blocks, events } = progress.parts[0]!;
  const threads = workers.reduce((all, worker) => all + worker.threads, 0);
  return [
    `${name}: ${stateOf(progress)}, ${grouped(blocks)} of ${grouped(runsOf(plan).length)} searches, ${grouped(events)} states, ${seconds(elapsedOf(progress))}; ` +
      `${counted(workers.length, "worker")} with ${counted(threads, "thread")}`,
    ...unexpected.map((news) => `  Not as expected: ${unexpectedLine(plan, news)}`),
    ...givenUp.map(
      ({ job, reason }) =>
        `  ${job} was given up after several attempts, and the campaign cannot end without it: ${reason}`,
    ),
    ...workers.flatMap((worker) => [
      `  ${worker.name}: ${counted(worker.threads, "thread")}, ${counted(worker.blocks, { one: "search", many: "searches" })} made${worker.isDraining ? ", about to end" : ""}`,
      ...(worker.doing ?? []).map((run) => `    at ${run}`),
    ]),
  ];
}

/** The JSON document of `turncoat campaign status --json`. */
export function searchesJson({ name, plan, progress, workers, unexpected, givenUp }: SearchesStatus) {
  const { blocks, events } = progress.parts[0]!;
  const runs = runsOf(plan);
  return {
    ...{ turncoat: version, command: "campaign status", campaign: name, seed: null },
    ...{ state: stateOf(progress), seconds: round(elapsedOf(progress)) },
    searches: { planned: runs.length, made: blocks, states: events },
    unexpected: unexpected.map(({ run, ...news }) => ({
      ...{ run, setting: settingName(runs[run]!.description), expected: runs[run]!.expect },
      ...news,
    })),
    ...{ givenUp, workers },
  };
}

/** Seconds since the start, up to the end. */
export function elapsedOf({ startedAtMs, endedAtMs }: CampaignProgress): number {
  return ((endedAtMs ?? Date.now()) - startedAtMs) / 1000;
}
