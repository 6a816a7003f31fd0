// `turncoat campaign start`: plans a campaign as `turncoat fuzz` does, or searches as `turncoat check` does, and writes it into the
// server.

import {
  type AnyPlan,
  blocksOf,
  type CheckPlan,
  doubtsAbout,
  isCheckPlan,
  nameOf,
  planCampaign,
  planCheck,
  runsOf,
  startCampaign,
} from "../campaign/index.js";
import type { SettingDescription } from "../catalogue/index.js";
import { readCorpus, recordOf, strategyNamed } from "../fuzz/index.js";
import { type Identity, identityOf, isKnown } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { paintFor } from "../render/paint.js";
import { settingName } from "../render/setting.js";
import { grouped } from "../report/numbers.js";
import { version } from "../version.js";
import { type CampaignOptions, refuseOtherKind } from "./campaign-options.js";
import { withServer } from "./campaign-server.js";
import { exitCode } from "./exit-codes.js";
import { corpusKey } from "./fuzz-campaign.js";
import { plannedCampaigns } from "./fuzz-campaigns.js";
import { fuzzOptions } from "./fuzz-options.js";
import { plannedSuites } from "./planned-suites.js";
import { optionsOf } from "./run-options.js";
import { say } from "./say.js";

const searchNoun = { one: "search", many: "searches" };

export async function startIt(protocol: string | undefined, options: CampaignOptions): Promise<number> {
  refuseOtherKind(options);
  const plan = options.check ? await checkPlan(protocol, options) : await fuzzPlan(protocol, options);
  const name = options.name ?? nameOf(plan);
  return withServer(options, async ({ redis, shown }) => {
    const paint = paintFor(process.stdout.isTTY === true);
    const doubts = await doubtsAbout(redis);
    const isNew = await startCampaign(redis, name, plan);
    const seed = isCheckPlan(plan) ? "" : `(--seed ${plan.seed})`;
    console.log(paint.bold(`turncoat ${version} campaign ${name}`), paint.dim(seed));
    const { lines, size } = described(plan);
    for (const line of lines) say(`  ${line}`, paint);
    say(
      isNew
        ? `Started on ${shown}: ${size}.`
        : `It was started on ${shown} before, with the same options: nothing has changed.`,
      paint,
    );
    for (const doubt of doubts) console.error(`Warning: ${doubt}`);
    say(`On every machine, where the same code is: turncoat campaign work ${name}`, paint);
    return exitCode.holds;
  });
}

/** What is started, in words. */
function described(plan: AnyPlan): { readonly lines: readonly string[]; readonly size: string } {
  if (isCheckPlan(plan))
    return {
      lines: plan.suites.map(({ name, runs }) => `${name}: ${counted(runs.length, searchNoun)}`),
      size: `${counted(runsOf(plan).length, searchNoun)}, one a job`,
    };
  const blocks = Number.isFinite(blocksOf(plan))
    ? `${grouped(blocksOf(plan))} blocks for each`
    : "until it is stopped";
  return {
    lines: plan.parts.map(({ setting }) => settingName(setting)),
    size: `${counted(plan.parts.length, "setting")}, ${blocks}`,
  };
}

async function fuzzPlan(protocol: string | undefined, options: CampaignOptions) {
  const runs = await plannedCampaigns(protocol, { ...options, traces: "" }, []);
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const sampling = fuzzOptions({ ...options, traces: "" });
  const parts = [];
  for (const { description } of runs) parts.push(await partOf(description, options));
  return planCampaign({ seed, options: sampling, parts });
}

async function checkPlan(protocol: string | undefined, options: CampaignOptions): Promise<CheckPlan> {
  const { maxStates, maxSeconds, maxDepth, maxViolations, reduce, traces } = options;
  const running = {
    traces,
    ...(maxStates !== undefined && { maxStates }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxViolations !== undefined && { maxViolations }),
    ...(reduce !== undefined && { reduce }),
  };
  const suites: CheckPlan["suites"][number][] = [];
  for (const { name, runs } of await plannedSuites(protocol, options)) {
    const planned = [];
    for (const run of runs) {
      const identity = await identityHere(run.description);
      const named = { suite: 0, planned: run, name: "", identity, checkpointFile: null };
      planned.push({ ...run, identity, options: optionsOf(named, running) });
    }
    suites.push({ name, runs: planned });
  }
  return planCheck({ protocol: protocol ?? null, mutants: options.mutants === true }, suites);
}

/** @throws {UserError} `bad-module` if other machines could not tell whether they have the same code. */
async function identityHere(setting: SettingDescription): Promise<Identity> {
  const identity = await identityOf(setting);
  if (isKnown(identity)) return identity;
  throw new UserError(
    "bad-module",
    `What ${setting.protocol} is made of cannot be found out (${identity.parts.imports}), so other machines could not tell whether they have the same.`,
  );
}

async function partOf(setting: SettingDescription, { corpus, strategy, maxActions }: CampaignOptions) {
  const identity = await identityHere(setting);
  const key = corpusKey(setting, {
    ...(strategy !== undefined && { strategy: strategyNamed(strategy) }),
    ...(maxActions !== undefined && { maxActions }),
  });
  const record = corpus === undefined ? null : recordOf(await readCorpus(corpus), key);
  if (record) refuseOtherCode(corpus!, record.identity, identity.parts);
  return { setting, identity, corpus: corpus === undefined ? null : (record?.recipes ?? []) };
}
