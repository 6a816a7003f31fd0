// `turncoat fuzz --merge`: combines the reports of all shards of a campaign.

import { settingFrom } from "../catalogue/index.js";
import { type CampaignRecord, mergeShards, readCampaigns, resultOf, settingKey } from "../fuzz/index.js";
import type { Identity } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import { insideContract } from "../model/setting.js";
import type { CompletedCampaign } from "../report/fuzz.js";
import { type ModuleOptions, refuseForeignModule } from "./foreign-modules.js";

/** One campaign for each setting in the files. @throws {UserError} if the files do not belong together. */
export async function mergedCampaigns(
  files: readonly string[],
  options: ModuleOptions,
): Promise<CompletedCampaign[]> {
  const bySetting = new Map<string, CampaignRecord[]>();
  for (const file of files)
    for (const record of await readCampaigns(file)) {
      refuseForeignModule(file, record.setting.protocol, options);
      const name = settingKey(record.setting);
      const [first, ...others] = bySetting.get(name) ?? [];
      if (first) refuseMixture(file, first.identity, record.identity);
      bySetting.set(name, [...(first ? [first] : []), ...others, record]);
    }
  const campaigns: CompletedCampaign[] = [];
  for (const records of bySetting.values()) {
    const description = records[0]!.setting;
    const setting = await settingFrom(description);
    const { identity } = records[0]!;
    const result = resultOf(setting, mergeShards(records.map(({ state }) => state)));
    const planned = { description, expect: null, reduction: null };
    campaigns.push({ planned, result, identity, traces: [], insideContract: insideContract(setting) });
  }
  return campaigns;
}

/** All shards of a campaign must have run the same code. Files that do not name their code are accepted. */
function refuseMixture(file: string, first: Identity | undefined, other: Identity | undefined): void {
  if (first) refuseOtherCode(file, other, first.parts);
  else if (other) refuseOtherCode("A file before it", first, other.parts);
}
