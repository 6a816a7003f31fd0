// `turncoat explore --campaign`: a page about a campaign on many machines.

import {
  type CampaignPlan,
  type CampaignProgress,
  CampaignStore,
  isCheckPlan,
  isOver,
} from "../campaign/index.js";
import { type CampaignFailure, type CampaignNow, campaignApp } from "../explorer/campaign.js";
import { settingName } from "../render/setting.js";
import { pageAsset } from "../viewer/asset.js";
import { campaignMeant, planOf, type Server, tellingRefusals, withServer } from "./campaign-server.js";
import { failureText, mergedState, told } from "./campaign-status.js";
import { type ModuleOptions, refuseForeignModule } from "./foreign-modules.js";
import { newToken, type PageOptions, servePage } from "./serve-page.js";

/** Serves the page of the campaign that is named, or of the newest. @throws {UserError} if there is none, or no server. */
export async function exploreCampaign(
  name: string | undefined,
  options: PageOptions & ModuleOptions & { readonly redis?: string },
): Promise<number> {
  pageAsset(); // what is wrong with it is told before anything is served
  return withServer(options, async (server) => {
    const store = new CampaignStore(server.redis, await campaignMeant(server, name));
    await campaignNow(store, server); // that it is there
    const token = newToken();
    const app = campaignApp({
      token,
      now: () => tellingRefusals(server, () => campaignNow(store, server)),
      admit: (protocol) => refuseForeignModule(`The campaign ${store.name}`, protocol, options),
    });
    return servePage(app, token, `The campaign ${store.name}`, options);
  });
}

/** What the server knows at this moment. */
export async function campaignNow(store: CampaignStore, server: Server): Promise<CampaignNow> {
  const plan = await planOf(store, server);
  const { lines, progress } = await told(store, plan, server);
  const isOfSearches = isCheckPlan(plan);
  const section = {
    ...{ name: store.name, isOfSearches, history: await store.history() },
    parts: isOfSearches ? [] : plan.parts.map(({ setting }) => settingName(setting)),
  };
  const failures = isCheckPlan(plan) ? [] : await mergedFailures(store, plan, progress);
  return { lines: lines(), section, isOver: isOver(progress), failures };
}

/** The failures in the merged blocks: each of them gets a trace, and what another worker has told of later blocks may not. */
async function mergedFailures(
  store: CampaignStore,
  plan: CampaignPlan,
  progress: CampaignProgress,
): Promise<CampaignFailure[]> {
  const found: CampaignFailure[] = [];
  for (const part of progress.parts.keys())
    for (const { run, path, counterexample } of (await mergedState(store, part, progress))?.failures ?? []) {
      const { actions, property } = counterexample;
      const line = failureText(plan, { part, run, path, property, actions: actions.length });
      found.push({ line, trace: await store.minimized(part, path) });
    }
  return found;
}
