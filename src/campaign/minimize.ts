// Minimizes one failure of a merged state: a job of its own, so that nobody waits for it before the next block is made. What comes of
// it is the trace that a local campaign writes.

import { correctFormOf, findProtocol, settingFrom } from "../catalogue/index.js";
import { minimizedFailure } from "../fuzz/index.js";
import { encodeTrace } from "../trace/index.js";
import { decodeState } from "./merge.js";
import type { CampaignPlan } from "./plan.js";

/** A failure to minimize. */
export interface MinimizeTask {
  readonly plan: CampaignPlan;
  readonly part: number;
  /** The merged state that has it. */
  readonly state: Uint8Array;
  readonly path: string;
}

/** How long it may take, in seconds. If that is not enough `campaign result` minimizes it, for as long as it was told. */
const maxSeconds = 120;

/** The text of the minimized trace; null if it is not verified to be minimal. */
export async function minimizeOne({ plan, part: index, state, path }: MinimizeTask): Promise<string | null> {
  const { setting: description, identity } = plan.parts[index]!;
  const { failures } = decodeState(state, "The state of a campaign");
  const failure = failures.find((one) => one.path === path);
  if (!failure) throw new Error(`the merged state has no failure with the path ${path}`);
  const { strategy, seed } = plan;
  const origin = { setting: await settingFrom(description), description, parts: identity.parts };
  const { adversaries } = await findProtocol(description.protocol);
  const from = { ...origin, strategy, seed };
  const trace = await minimizedFailure(from, failure, {
    adversaries,
    correct: await correctFormOf(description.protocol),
    maxSeconds,
  });
  return trace.minimal ? encodeTrace(trace) : null;
}
