// Starts, stops and removes campaigns.

import type { Redis } from "ioredis";
import { UserError } from "../model/errors.js";
import { addJobs, defaultAhead, openQueue } from "./jobs.js";
import { type AnyPlan, encodeAnyPlan, partsIn } from "./plans.js";
import { CampaignStore } from "./store.js";

/** Starts a campaign; false if it was started before, which changes nothing. @throws {UserError} `bad-option` if another one has the name. */
export async function startCampaign(
  redis: Redis,
  name: string,
  plan: AnyPlan,
  ahead = defaultAhead,
): Promise<boolean> {
  if (!/^[A-Za-z][\w-]*$/.test(name))
    throw new UserError(
      "bad-option",
      `A campaign is named by letters, digits, - and _, beginning with a letter: not ${JSON.stringify(name)}.`,
    );
  const store = new CampaignStore(redis, name);
  const text = encodeAnyPlan(plan);
  const isNew = await store.begin(text, partsIn(plan));
  if (!isNew && (await store.plan()) !== text)
    throw new UserError(
      "bad-option",
      `There is a campaign ${name} with other options. Give this one another --name.`,
    );
  const progress = (await store.progress())!;
  if (progress.isStopped)
    throw new UserError(
      "bad-option",
      `The campaign ${name} was stopped, and stays so. To begin it anew: turncoat campaign stop ${name} --remove, or give this one another --name.`,
    );
  const queue = await openQueue(redis, name);
  await addJobs({ queue, store, plan, ahead }, progress);
  await queue.close();
  return isNew;
}

/** Stops a campaign everywhere. With `remove` nothing of it stays in the server. */
export async function stopCampaign(redis: Redis, name: string, remove: boolean): Promise<void> {
  const store = new CampaignStore(redis, name);
  await store.stop();
  const queue = await openQueue(redis, name);
  if (remove) await queue.obliterate({ force: true });
  else await queue.drain();
  await queue.close();
  if (remove) await store.remove();
}

/** A job that was given up after several attempts: what it was, and why. The campaign cannot end without it. */
export interface GivenUp {
  readonly job: string;
  readonly reason: string;
}

/** The first jobs that were given up. */
export async function givenUp(redis: Redis, name: string): Promise<GivenUp[]> {
  const queue = await openQueue(redis, name);
  const failed = await queue.getFailed(0, 9);
  await queue.close();
  return failed.map(({ id, failedReason }) => ({ job: id ?? "?", reason: failedReason }));
}
