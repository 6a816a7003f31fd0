// Campaigns for tests: a plan, the file that one local campaign of it gives, and the file that machines give.

import type { Redis } from "ioredis";
import {
  type CampaignPlan,
  CampaignStore,
  decodeState,
  optionsOf,
  planCampaign,
} from "../../src/campaign/index.js";
import { findProtocol, type SettingDescription, settingFrom } from "../../src/catalogue/index.js";
import { encodeCampaigns, type FuzzOptions, fuzz } from "../../src/fuzz/index.js";
import { identityOf } from "../../src/identity/identity.js";
import { plan } from "../../src/suite/plan.js";

/** The first setting that `turncoat fuzz` plans for a protocol, or another one. */
export async function firstSetting(protocol: string, index = 0): Promise<SettingDescription> {
  return plan(await findProtocol(protocol), { protocol })[index]!.description;
}

/** The plan of a campaign of one protocol. */
export async function planFor(protocol: string, options: FuzzOptions): Promise<CampaignPlan> {
  const setting = await firstSetting(protocol);
  return planCampaign({
    seed: 7,
    options,
    parts: [{ setting, identity: await identityOf(setting), corpus: null }],
  });
}

const localFiles = new Map<string, Promise<string>>();

/** The campaign file of one local campaign; those of equal plans are made once. */
export function localFile(plan: CampaignPlan): Promise<string> {
  const key = JSON.stringify(plan);
  const file = localFiles.get(key) ?? makeLocalFile(plan);
  localFiles.set(key, file);
  return file;
}

async function makeLocalFile(plan: CampaignPlan): Promise<string> {
  const part = plan.parts[0]!;
  const { setting, identity } = part;
  const { adversaries } = await findProtocol(setting.protocol);
  const { state } = await fuzz(await settingFrom(setting), { ...optionsOf(plan, part), adversaries });
  return encodeCampaigns([{ setting, identity, state }]);
}

/** The campaign file that the server has after all machines are done. */
export async function mergedFile(redis: Redis, name: string, plan: CampaignPlan): Promise<string> {
  const { setting, identity } = plan.parts[0]!;
  const bytes = await new CampaignStore(redis, name).state(0);
  return encodeCampaigns([{ setting, identity, state: decodeState(bytes!, name) }]);
}
