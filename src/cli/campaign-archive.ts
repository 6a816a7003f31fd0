// The archive of a campaign: `turncoat campaign result --ndjson FILE`.

import type { AnyPlan, CampaignProgress, CampaignStore } from "../campaign/index.js";
import { writeAtomically } from "../files/atomic.js";
import { archiveOf } from "../report/campaign-archive.js";
import type { CampaignOptions } from "./campaign-options.js";
import { orSayLaterNow } from "./unwritten.js";

/** Writes it, if one is wanted. `results`: what `--json` says of each run. */
export async function writeArchive(
  store: CampaignStore,
  plan: AnyPlan,
  progress: CampaignProgress,
  { ndjson }: CampaignOptions,
  results: readonly unknown[],
): Promise<void> {
  if (ndjson === undefined) return;
  const [history, failures, unexpected] = [
    await store.history(),
    await store.told(),
    await store.unexpected(),
  ];
  const text = archiveOf({ name: store.name, plan, progress, history, failures, unexpected, results });
  orSayLaterNow(() => writeAtomically(ndjson, text));
}
