// What all actions of `turncoat campaign` begin with: the server, the campaign that is meant, its plan, and whether
// this machine has its code.

import type { Redis } from "ioredis";
import {
  type AnyPlan,
  CampaignStore,
  connect,
  decodeAnyPlan,
  isRefusal,
  madeOf,
  planText,
  serverAddress,
} from "../campaign/index.js";
import { changesBetween, partsNow } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import { settingName } from "../render/setting.js";
import type { CampaignOptions } from "./campaign-options.js";
import { refuseForeignModule } from "./foreign-modules.js";

/** A server, and how it may be shown. */
export interface Server {
  readonly redis: Redis;
  readonly shown: string;
}

/** Connects, and disconnects when `use` is done. @throws {UserError} if there is no server. */
export async function withServer<T>(
  { redis: url }: Pick<CampaignOptions, "redis">,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const address = serverAddress(url);
  const redis = await connect(address);
  try {
    return await tellingRefusals(address, () => use({ redis, shown: address.shown }));
  } finally {
    redis.disconnect();
  }
}

/** @throws {UserError} if the server refuses, which it may do for a while only; whatever else is thrown is passed on. */
export async function tellingRefusals<T>(
  { shown }: Pick<Server, "shown">,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new UserError(
      "bad-option",
      `${shown} takes nothing more at the moment: ${error.message.replace(/\.$/, "")}. Give it more memory or disk, and try again.`,
    );
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
export async function planOf(store: CampaignStore, { shown }: Server): Promise<AnyPlan> {
  return decodeAnyPlan(await planText(store, shown), `The campaign ${store.name}`);
}

/** @throws {UserError} if this machine has other code than the campaign, and says what differs. */
export async function refuseOtherIdentity(
  name: string,
  plan: AnyPlan,
  options: CampaignOptions,
): Promise<void> {
  for (const { setting, identity } of madeOf(plan)) {
    refuseForeignModule(`The campaign ${name}`, setting.protocol, options);
    const changes = changesBetween(identity.parts, await partsNow(setting.protocol));
    if (changes.length === 0) continue;
    throw new UserError(
      "bad-module",
      `This machine does not have the code that ${name} was started with, so its runs of ${settingName(setting)} would be others. ` +
        `What differs: ${changes.join("; ")}. Bring the same code here, or start a campaign with this one.`,
    );
  }
}
