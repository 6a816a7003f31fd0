// `turncoat campaign work`: makes blocks of a campaign on this machine. SIGTERM lets it finish the blocks that
// it has begun.

import { availableParallelism } from "node:os";
import {
  CampaignStore,
  isCheckPlan,
  isOver,
  type WorkerCounts,
  type WorkerEnd,
  work,
} from "../campaign/index.js";
import type { WorkerNow } from "../campaign/metrics.js";
import { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { counted } from "../parameters/words.js";
import { grouped, seconds } from "../report/numbers.js";
import type { CampaignOptions } from "./campaign-options.js";
import { unexpectedLine } from "./campaign-searches.js";
import { planOf, refuseOtherIdentity, type Server, withServer } from "./campaign-server.js";
import { failureLine } from "./campaign-status.js";
import { exitCode } from "./exit-codes.js";
import { onDrain } from "./interrupt.js";
import { ProgressLine } from "./progress.js";

/** How often a worker without a campaign looks for one, in milliseconds. */
const lookEveryMs = 1000;

/** What the worker knows at the moment, for those who read its metrics. */
let now: WorkerNow = { progress: null, own: null };

export async function workForIt(name: string | undefined, options: CampaignOptions): Promise<number> {
  const signal = onDrain();
  if (options.metrics) {
    const { serveRegister } = await import("../run/metrics.js");
    const { workerMetrics } = await import("../campaign/metrics.js");
    await serveRegister(
      workerMetrics(() => now),
      options.metrics,
    );
  }
  return withServer(options, async (server) => {
    if (name !== undefined) return workFor(name, server, options, signal);
    return workForAll(server, options, signal);
  });
}

/** Works for every campaign that is not over, oldest first, until an interrupt. */
async function workForAll(server: Server, options: CampaignOptions, signal: AbortSignal): Promise<number> {
  const refused = new Set<string>();
  let isTold = false;
  while (!signal.aborted) {
    const name = await nextCampaign(server, refused);
    if (name !== null) {
      isTold = false;
      try {
        await workFor(name, server, options, signal);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        console.error(`turncoat: ${error.message}`); // another campaign may be of this code
        refused.add(name);
      }
      continue;
    }
    if (!isTold) console.error(`Waiting for a campaign on ${server.shown}.`);
    isTold = true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return exitCode.holds;
}

async function nextCampaign({ redis }: Server, refused: ReadonlySet<string>): Promise<string | null> {
  for (const name of await CampaignStore.names(redis)) {
    const progress = refused.has(name) ? null : await new CampaignStore(redis, name).progress();
    if (progress !== null && !isOver(progress)) return name;
  }
  return null;
}

async function workFor(
  name: string,
  server: Server,
  options: CampaignOptions,
  signal: AbortSignal,
): Promise<number> {
  const plan = await planOf(new CampaignStore(server.redis, name), server);
  await refuseOtherIdentity(name, plan, options);
  const threads = options.threads ?? availableParallelism();
  console.error(`Working for ${name} on ${server.shown}, ${counted(threads, "thread")}.`);
  const progress = new ProgressLine();
  const textOf = isCheckPlan(plan) ? searchesText : countsText;
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const done = await work({
    ...{ redis: server.redis, name, plan, threads, signal },
    ...(options.saveEvery !== undefined && { saveEverySeconds: options.saveEvery }),
    onFailure: (failure) =>
      isCheckPlan(plan) || progress.say(visibleText(`Found: ${failureLine(plan, failure)}`)),
    onUnexpected: (news) =>
      isCheckPlan(plan) && progress.say(visibleText(`Not as expected: ${unexpectedLine(plan, news)}`)),
    onTrouble: (job, reason) => progress.say(visibleText(`${job} has failed, and is tried again: ${reason}`)),
    onConnection: (isThere) =>
      progress.say(isThere ? `${server.shown} is back.` : `${server.shown} is away: waiting for it.`),
    onProgress: (all, own) => {
      now = { progress: all, own };
      progress.show(name, elapsed(), textOf(own));
    },
  });
  progress.done(name, `${textOf(done)}, ${seconds(elapsed())}: ${endText(done.end, name, server)}`);
  if (done.end === "changed") return exitCode.usage;
  return done.end === "gone" ? exitCode.undecided : exitCode.holds;
}

function countsText({ blocks, runs, runsUnderWay }: WorkerCounts): string {
  const more = runsUnderWay > 0 ? ` and ${grouped(runsUnderWay)} under way` : "";
  return `${counted(blocks, "block")}, ${grouped(runs)} runs made here${more}`;
}

function searchesText({ blocks, runsUnderWay, resumed }: WorkerCounts): string {
  const more = runsUnderWay > 0 ? ` and ${grouped(runsUnderWay)} under way` : "";
  const on = resumed > 0 ? `, of which ${grouped(resumed)} went on with what others had saved` : "";
  return `${counted(blocks, { one: "search", many: "searches" })} made here${more}${on}`;
}

function endText(end: WorkerEnd, name: string, { shown }: Server): string {
  switch (end) {
    case "over":
      return `the campaign is over. What was found: turncoat campaign result ${name}`;
    case "stopped":
      return "the campaign was stopped";
    case "drained":
      return "this worker was asked to end, and has finished what it had begun";
    case "changed":
      return "the code on this machine has changed since the campaign was started. Its blocks go to other workers. Bring the same code here, and work for it again";
    case "gone":
      return `${shown} no longer knows the campaign: it was removed, or the server was restarted without its data. All blocks of the campaign are lost there; start it again`;
  }
}
