// A campaign as NDJSON, for archives: one JSON document a line, each with its kind. The first is the campaign, and says what made it.

import type { AnyPlan, CampaignHistory, CampaignProgress, FailureNews, RunNews } from "../campaign/index.js";
import { isCheckPlan, madeOf, runsOf, stateOf } from "../campaign/index.js";
import { settingName } from "../render/setting.js";

/** What is archived. */
export interface ArchivedCampaign {
  readonly name: string;
  readonly plan: AnyPlan;
  readonly progress: CampaignProgress;
  readonly history: CampaignHistory;
  /** The first failure of each part of random runs. */
  readonly failures: readonly FailureNews[];
  /** The searches that have not come out as expected. */
  readonly unexpected: readonly RunNews[];
  /** What `--json` says of each run. */
  readonly results: readonly unknown[];
}

/** The lines, each with its end. */
export function archiveOf({ plan, progress, history, ...rest }: ArchivedCampaign): string {
  const { startedAtMs, endedAtMs, parts } = progress;
  const isOfSearches = isCheckPlan(plan);
  const settings = [...new Set(madeOf(plan).map(({ setting }) => settingName(setting)))];
  const lines: unknown[] = [
    {
      ...{
        kind: "campaign",
        name: rest.name,
        turncoat: plan.turncoat,
        of: isOfSearches ? "searches" : "random runs",
      },
      ...{ seed: isOfSearches ? null : plan.seed, startedAtMs, endedAtMs },
      state: stateOf(progress),
      ...{ settings, code: [...new Set(madeOf(plan).map(({ identity }) => identity.digest))] },
    },
    ...parts.map(({ blocks, runs, events, merged }, part) => ({
      ...{ kind: "part", part, blocks, runs, events, merged },
      setting: isOfSearches ? null : settingName(plan.parts[part]!.setting),
    })),
    ...history.workers.map((worker) => ({ kind: "worker", ...worker })),
    ...history.minutes.map((minute) => ({ kind: "minute", ...minute })),
    ...history.seen.map((seen) => ({ kind: "seen", ...seen })),
    ...rest.failures.map((failure) => ({ kind: "failure", ...failure })),
    ...rest.unexpected.map((news) => ({
      ...{ kind: "unexpected", ...news },
      setting: isOfSearches ? settingName(runsOf(plan)[news.run]!.description) : null,
    })),
    ...rest.results.map((result) => ({ kind: "result", ...(result as object) })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
