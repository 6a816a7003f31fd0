// `turncoat campaign start`: plans a campaign as `turncoat fuzz` does, and writes it into the server.

import { blocksOf, doubtsAbout, nameOf, planCampaign, startCampaign } from "../campaign/index.js";
import type { SettingDescription } from "../catalogue/index.js";
import { readCorpus, recordOf, strategyNamed } from "../fuzz/index.js";
import { identityOf, isKnown } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { paintFor } from "../render/paint.js";
import { settingName } from "../render/setting.js";
import { grouped } from "../report/numbers.js";
import { version } from "../version.js";
import type { CampaignOptions } from "./campaign-options.js";
import { withServer } from "./campaign-server.js";
import { exitCode } from "./exit-codes.js";
import { corpusKey } from "./fuzz-campaign.js";
import { plannedCampaigns } from "./fuzz-campaigns.js";
import { fuzzOptions } from "./fuzz-options.js";
import { say } from "./say.js";

export async function startIt(protocol: string | undefined, options: CampaignOptions): Promise<number> {
  const runs = await plannedCampaigns(protocol, { ...options, traces: "" }, []);
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const sampling = fuzzOptions({ ...options, traces: "" });
  const parts = [];
  for (const { description } of runs) parts.push(await partOf(description, options));
  const plan = planCampaign({ seed, options: sampling, parts });
  const name = options.name ?? nameOf(plan);
  return withServer(options, async ({ redis, shown }) => {
    const paint = paintFor(process.stdout.isTTY === true);
    const doubts = await doubtsAbout(redis);
    const isNew = await startCampaign(redis, name, plan);
    const blocks = Number.isFinite(blocksOf(plan))
      ? `${grouped(blocksOf(plan))} blocks for each`
      : "until it is stopped";
    console.log(paint.bold(`turncoat ${version} campaign ${name}`), paint.dim(`(--seed ${seed})`));
    for (const { setting } of plan.parts) say(`  ${settingName(setting)}`, paint);
    say(
      isNew
        ? `Started on ${shown}: ${counted(plan.parts.length, "setting")}, ${blocks}.`
        : `It was started on ${shown} before, with the same options: nothing has changed.`,
      paint,
    );
    for (const doubt of doubts) console.error(`Warning: ${doubt}`);
    say(`On every machine, where the same code is: turncoat campaign work ${name}`, paint);
    return exitCode.holds;
  });
}

async function partOf(setting: SettingDescription, { corpus, strategy, maxActions }: CampaignOptions) {
  const identity = await identityOf(setting);
  if (!isKnown(identity))
    throw new UserError(
      "bad-module",
      `What ${setting.protocol} is made of cannot be found out (${identity.parts.imports}), so other machines could not tell whether they have the same.`,
    );
  const key = corpusKey(setting, {
    ...(strategy !== undefined && { strategy: strategyNamed(strategy) }),
    ...(maxActions !== undefined && { maxActions }),
  });
  const record = corpus === undefined ? null : recordOf(await readCorpus(corpus), key);
  if (record) refuseOtherCode(corpus!, record.identity, identity.parts);
  return { setting, identity, corpus: corpus === undefined ? null : (record?.recipes ?? []) };
}
