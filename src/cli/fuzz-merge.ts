// `turncoat fuzz --merge`: the reports of all shards of a campaign as one.

import { settingFrom } from "../catalogue.js";
import { type CampaignRecord, mergeShards, readCampaigns, resultOf } from "../fuzz/index.js";
import { insideContract } from "../model/setting.js";
import type { CompletedCampaign } from "../report/fuzz.js";

/** One campaign for each setting that the files speak of. @throws {UserError} if they do not belong together. */
export async function mergedCampaigns(files: readonly string[]): Promise<CompletedCampaign[]> {
  const bySetting = new Map<string, CampaignRecord[]>();
  for (const file of files)
    for (const record of await readCampaigns(file)) {
      const name = JSON.stringify(record.setting);
      bySetting.set(name, [...(bySetting.get(name) ?? []), record]);
    }
  const campaigns: CompletedCampaign[] = [];
  for (const records of bySetting.values()) {
    const description = records[0]!.setting;
    const setting = await settingFrom(description);
    const result = resultOf(setting, mergeShards(records.map(({ state }) => state)));
    const planned = { description, expect: null, reduction: null };
    campaigns.push({ planned, result, traces: [], insideContract: insideContract(setting) });
  }
  return campaigns;
}
