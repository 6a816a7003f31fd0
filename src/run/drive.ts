// Drives a cluster that runs with an open load, by those of its clients whose files are here.

import { UserError } from "../model/errors.js";
import { latencyMs } from "../simulate/percentiles.js";
import { LoadedClient } from "./client.js";
import type { NodeSettings } from "./cluster.js";
import { type FreeClient, type OpenLoad, OpenLoop, type OpenLoopResult } from "./open-loop.js";

/** Requests of each client that are made to see how fast it is, and that do not count: the first makes the connections. */
const trials = 3;

/** Of the rate that clients could just send nothing is left for a request that takes longer: more is refused. */
const usableShare = 0.9;

/** A client with the promise of being free again. */
class DrivenClient implements FreeClient {
  readonly client: LoadedClient;
  onFree: () => void = () => {};

  constructor(settings: NodeSettings) {
    this.client = new LoadedClient(settings, {
      requests: Number.POSITIVE_INFINITY,
      onFree: () => this.onFree(),
    });
  }

  give(): void {
    this.client.give();
  }

  /** Makes a request and waits until it was served. */
  served(): Promise<void> {
    return new Promise((resolve) => {
      this.onFree = resolve;
      this.give();
    });
  }
}

/** Drives. @throws {UserError} `bad-option` if so few clients cannot send at that rate, or nobody answers within `patienceSeconds`. */
export async function drive(
  settings: readonly NodeSettings[],
  load: OpenLoad,
  { signal, patienceSeconds }: { readonly signal: AbortSignal; readonly patienceSeconds: number },
): Promise<OpenLoopResult> {
  const clients = settings.map((one) => new DrivenClient(one));
  const patience = AbortSignal.timeout((load.seconds + patienceSeconds) * 1000);
  try {
    for (const { client } of clients) await client.start();
    const failed = Promise.race(clients.map(({ client }) => client.done)) as Promise<never>;
    const trying = Promise.all(clients.map(tried));
    const heard = await Promise.race([
      trying,
      failed,
      ended(signal),
      ended(AbortSignal.timeout(patienceSeconds * 1000)),
    ]);
    if (heard === null && !signal.aborted)
      throw new UserError(
        "bad-option",
        `The cluster has not answered every client within ${patienceSeconds} s: is it running?`,
      );
    if (heard !== null) refuseRate(load.rate, heard.flat());
    const loop = new OpenLoop(load, clients);
    for (const one of clients) one.onFree = () => loop.isFree(one);
    return await Promise.race([loop.run(AbortSignal.any([signal, patience])), failed]);
  } finally {
    await Promise.all(clients.map(({ client }) => client.stop()));
  }
}

async function tried(client: DrivenClient): Promise<readonly number[]> {
  for (let trial = 0; trial < trials; trial++) await client.served();
  return client.client.latencies.slice(1);
}

function ended(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null));
  });
}

/** All clients have asked at the same time, each for one request after the other: they send no faster than that. */
function refuseRate(rate: number, latencies: readonly number[]): void {
  const { mean } = latencyMs(latencies)!;
  const clients = latencies.length / (trials - 1);
  const most = (usableShare * clients * 1000) / mean;
  if (rate <= most) return;
  throw new UserError(
    "bad-option",
    `--rate ${rate} cannot be sent: ${clients} clients make one request at a time each, and one took ${mean.toFixed(1)} ms when all did. Use at most ${Math.floor(most)}, or a cluster with more clients (turncoat keys --clients ${Math.ceil((clients * rate) / most)}).`,
  );
}
