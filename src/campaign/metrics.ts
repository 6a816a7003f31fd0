// The metrics of a worker for Prometheus: what it has made itself, and how far its campaign is. One of them would
// do for the campaign; each tells it, so that no worker is special.

import { collectDefaultMetrics, Registry } from "prom-client";
import { counted, gauged } from "../run/metrics.js";
import type { WorkerCounts } from "./maker.js";
import type { CampaignProgress, PartProgress } from "./progress.js";

/** What a worker knows at the moment; null before it has looked. */
export interface WorkerNow {
  readonly progress: CampaignProgress | null;
  readonly own: WorkerCounts | null;
}

/** All metrics of a worker, which `now` is asked for whenever they are read. */
export function workerMetrics(now: () => WorkerNow): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const own = (name: string, help: string, value: (counts: WorkerCounts) => number) =>
    counted(register, `turncoat_campaign_worker_${name}`, help, () => {
      const { own: counts } = now();
      return counts ? value(counts) : 0;
    });
  own("blocks_total", "Blocks that this worker has made and that were counted.", ({ blocks }) => blocks);
  own("runs_total", "Runs of these blocks.", ({ runs }) => runs);
  own("again_total", "Blocks that somebody else had counted before.", ({ again }) => again);
  own("merges_total", "Merges that this worker has made.", ({ merges }) => merges);
  own(
    "block_seconds_total",
    "Seconds that its threads have spent in blocks.",
    ({ blockSeconds }) => blockSeconds,
  );
  const all = (name: string, help: string, value: (part: PartProgress) => number) =>
    gauged(register, `turncoat_campaign_${name}`, help, () =>
      (now().progress?.parts ?? []).reduce((sum, part) => sum + value(part), 0),
    );
  all("blocks", "Blocks of the campaign that were counted.", ({ blocks }) => blocks);
  all("runs", "Runs of these blocks.", ({ runs }) => runs);
  all("blocks_merged", "Blocks whose results are merged.", ({ merged }) => merged);
  all("blocks_queued", "Blocks that wait or are under way.", (part) =>
    part.isOver ? 0 : part.added - part.blocks,
  );
  all("failing_parts", "Settings in which a run has violated a property.", ({ failing }) =>
    failing === null ? 0 : 1,
  );
  return register;
}
