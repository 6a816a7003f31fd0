// What all actions of `turncoat campaign` begin with: the server, the campaign that is meant, and its plan.

import type { Redis } from "ioredis";
import {
  type CampaignPlan,
  CampaignStore,
  connect,
  decodePlan,
  planText,
  serverAddress,
} from "../campaign/index.js";
import { UserError } from "../model/errors.js";
import type { CampaignOptions } from "./campaign-options.js";

/** A server, and how it may be shown. */
export interface Server {
  readonly redis: Redis;
  readonly shown: string;
}

/** Connects, and disconnects when `use` is done. @throws {UserError} if there is no server. */
export async function withServer<T>(
  { redis: url }: CampaignOptions,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const address = serverAddress(url);
  const redis = await connect(address);
  try {
    return await use({ redis, shown: address.shown });
  } finally {
    redis.disconnect();
  }
}

/** The campaign that is meant: the one named, or the newest. @throws {UserError} if there is none. */
export async function campaignMeant({ redis, shown }: Server, name: string | undefined): Promise<string> {
  const names = await CampaignStore.names(redis);
  const meant = name ?? names.at(-1);
  if (meant === undefined)
    throw new UserError("bad-option", `${shown} has no campaign. Begin one with: turncoat campaign start`);
  return meant;
}

/** A campaign's plan. @throws {UserError} if the server has no such campaign, or one of another version. */
export async function planOf(store: CampaignStore, { shown }: Server): Promise<CampaignPlan> {
  return decodePlan(await planText(store, shown), `The campaign ${store.name}`);
}
