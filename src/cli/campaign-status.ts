// `turncoat campaign status` and `stop`.

import {
  type AnyPlan,
  blocksOf,
  type CampaignPlan,
  type CampaignProgress,
  CampaignStore,
  decodeState,
  type FailureNews,
  type GivenUp,
  givenUp,
  isCheckPlan,
  isOver,
  stateOf,
  stopCampaign,
  type WorkerNote,
} from "../campaign/index.js";
import type { CampaignState } from "../fuzz/index.js";
import { visibleText } from "../model/visible-text.js";
import { counted } from "../parameters/words.js";
import { settingName } from "../render/setting.js";
import { coverageJson, seenText } from "../report/coverage.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { version } from "../version.js";
import type { CampaignOptions } from "./campaign-options.js";
import { elapsedOf, searchesJson, searchesLines } from "./campaign-searches.js";
import { campaignMeant, planOf, type Server, withServer } from "./campaign-server.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { printJson } from "./print-json.js";

const watchEveryMs = 1000;

/** What is known of a campaign. */
interface Status {
  readonly name: string;
  readonly plan: CampaignPlan;
  readonly progress: CampaignProgress;
  readonly workers: readonly WorkerNote[];
  readonly failures: readonly FailureNews[];
  /** Jobs without which the campaign cannot end. */
  readonly givenUp: readonly GivenUp[];
  /** The merged state of each part; null where nothing is merged yet. */
  readonly states: readonly (CampaignState | null)[];
}

export async function tellStatus(name: string | undefined, options: CampaignOptions): Promise<number> {
  const signal = options.watch ? onInterrupt() : null;
  return withServer(options, async (server) => {
    const store = new CampaignStore(server.redis, await campaignMeant(server, name));
    const plan = await planOf(store, server);
    for (let before = ""; ; ) {
      const { progress, lines, json } = await told(store, plan, server);
      const text = visibleText(lines().join("\n"));
      if (options.json) printJson(json());
      else if (text !== before) console.log(text);
      before = text;
      if (!signal || signal.aborted || isOver(progress)) return exitCode.holds;
      await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
    }
  });
}

/** The status of a campaign of either kind, in both forms. */
export async function told(store: CampaignStore, plan: AnyPlan, server: Server) {
  const progress = await store.progress();
  if (progress === null) {
    await planOf(store, server); // says that the server does not know it
    throw new Error("a campaign without progress");
  }
  const common = {
    ...{ name: store.name, progress, workers: await store.workers.all() },
    givenUp: isOver(progress) ? [] : await givenUp(server.redis, store.name),
  };
  if (isCheckPlan(plan)) {
    const status = { ...common, plan, unexpected: await store.unexpected() };
    return { progress, lines: () => searchesLines(status), json: () => searchesJson(status) };
  }
  const status = { ...common, plan, failures: await store.told(), states: await statesOf(store, progress) };
  return { progress, lines: () => linesOf(status), json: () => jsonOf(status) };
}

async function statesOf(store: CampaignStore, progress: CampaignProgress) {
  const states: (CampaignState | null)[] = [];
  for (const part of progress.parts.keys()) states.push(await mergedState(store, part, progress));
  return states;
}

interface StateThen {
  /** Another campaign may have got the name since. */
  readonly startedAtMs: number;
  readonly merged: number;
  readonly state: CampaignState | null;
}

/** The states seen last, by campaign and part, with the number of blocks in them. They have megabytes, and change seldom. */
const read = new Map<string, StateThen>();

/** What is merged of a part at this progress, or later; null: nothing is. */
export async function mergedState(
  store: Pick<CampaignStore, "name" | "state">,
  part: number,
  { startedAtMs, parts }: Pick<CampaignProgress, "startedAtMs" | "parts">,
): Promise<CampaignState | null> {
  const { merged } = parts[part]!;
  const key = `${part} ${store.name}`;
  const known = read.get(key);
  if (known?.startedAtMs === startedAtMs && known.merged === merged) return known.state;
  const bytes = await store.state(part);
  const state = bytes && decodeState(bytes, `The campaign ${store.name}`);
  read.set(key, { startedAtMs, merged, state });
  return state;
}

function linesOf({ name, plan, progress, workers, failures, givenUp: lost, states }: Status): string[] {
  const sum = (of: "runs" | "events") => progress.parts.reduce((all, part) => all + part[of], 0);
  const threads = workers.reduce((all, worker) => all + worker.threads, 0);
  return [
    `${name}: ${stateOf(progress)}, ${grouped(sum("runs"))} runs, ${grouped(sum("events"))} events, ${seconds(elapsedOf(progress))}; ` +
      `${counted(workers.length, "worker")} with ${counted(threads, "thread")}`,
    ...progress.parts.map((part, index) => {
      const of = Number.isFinite(blocksOf(plan)) ? ` of ${grouped(blocksOf(plan))}` : "";
      const end = part.isOver ? ", over" : "";
      return `  ${settingName(plan.parts[index]!.setting)}: ${grouped(part.blocks)}${of} blocks, ${grouped(part.merged)} merged${end}`;
    }),
    ...states.flatMap((state, index) => {
      const seen = state && seenText(state);
      return seen ? [`  ${settingName(plan.parts[index]!.setting)}: in the merged blocks, ${seen}`] : [];
    }),
    ...failures.map((failure) => `  Found: ${failureLine(plan, failure)}`),
    ...lost.map(
      ({ job, reason }) =>
        `  ${job} was given up after several attempts, and the campaign cannot end without it: ${reason}. What the other blocks have found: turncoat campaign result ${name}`,
    ),
    ...workers.map(
      (worker) =>
        `  ${worker.name}: ${counted(worker.threads, "thread")}, ${counted(worker.blocks, "block")}, ${grouped(worker.runs)} runs${worker.isDraining ? ", about to end" : ""}`,
    ),
  ];
}

/** A failure that was told, in one line. */
export function failureLine(plan: CampaignPlan, failure: FailureNews): string {
  return `${failureText(plan, failure)}, by ${failure.by}`;
}

/** The same, whoever has found it. */
export function failureText(
  plan: CampaignPlan,
  { part, run, path, property, actions }: Omit<FailureNews, "by" | "block" | "atMs">,
): string {
  const setting = settingName(plan.parts[part]!.setting);
  return `${property} is violated in ${counted(actions, "action")} in run ${grouped(run + 1)} of ${setting} (--seed ${plan.seed} --path '${path}')`;
}

function jsonOf({ name, plan, progress, workers, failures, givenUp: lost, states }: Status) {
  const blocks = blocksOf(plan);
  return {
    ...{ turncoat: version, command: "campaign status", campaign: name, seed: plan.seed },
    state: stateOf(progress),
    seconds: round(elapsedOf(progress)),
    parts: progress.parts.map(({ merged, runs, events, blocks: made, isOver: isDone }, index) => ({
      setting: settingName(plan.parts[index]!.setting),
      blocks: Number.isFinite(blocks) ? blocks : null,
      ...{ made, merged, runs, events, isOver: isDone },
      coverage: states[index] ? coverageJson(states[index]) : null,
    })),
    failures,
    givenUp: lost,
    workers,
  };
}

export async function stopIt(name: string | undefined, options: CampaignOptions): Promise<number> {
  return withServer(options, async (server) => {
    const meant = await campaignMeant(server, name);
    await planOf(new CampaignStore(server.redis, meant), server); // that it is there
    await stopCampaign(server.redis, meant, options.remove === true);
    const rest = options.remove
      ? "nothing of it is left in the server."
      : `what was found: turncoat campaign result ${meant}; to free the server's memory: turncoat campaign stop ${meant} --remove`;
    console.log(`${meant} is stopped; ${rest}`);
    return exitCode.holds;
  });
}
