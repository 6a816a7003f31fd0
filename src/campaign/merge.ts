// Merges blocks into the state of a part, in the order of their numbers. The state is the text of a campaign
// file, and the merging is that of a local campaign, so that a campaign on many machines ends with the same
// bytes as on one. Failures are minimized here, to tell whether they are known.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { findProtocol, settingFrom } from "../catalogue/index.js";
import { parseJson } from "../files/json.js";
import type { BlockResult } from "../fuzz/block.js";
import { decodeBlock, encodeBlock } from "../fuzz/block-bytes.js";
import {
  type CampaignState,
  type Coverage,
  campaignsIn,
  coverageOf,
  encodeCampaigns,
  mergeBlocks,
} from "../fuzz/index.js";
import { errorFrom, type PortableError, portableError } from "../threads/portable-error.js";
import { type CampaignPart, type CampaignPlan, optionsOf } from "./plan.js";

/** Blocks to merge. */
export interface MergeTask {
  readonly plan: CampaignPlan;
  readonly part: number;
  /** The state before; null: nothing was merged yet. */
  readonly state: Uint8Array | null;
  readonly knownInARow: number;
  /** What {@link encodeOutcome} made, in order. */
  readonly outcomes: readonly Uint8Array[];
}

/** What has come of it. */
export interface Merged {
  readonly state: Uint8Array;
  readonly level: number;
  readonly knownInARow: number;
  /** No more blocks are wanted. */
  readonly isEnough: boolean;
  /** How many of the blocks are in the state; one with a fault is not. */
  readonly taken: number;
  /** The paths of the distinct failures in the state, in the order of runs. */
  readonly failures: readonly string[];
  /** What the state has seen; null: too little to tell. */
  readonly seen: { readonly runs: number; readonly coverage: Coverage } | null;
  /** What the user's code has thrown. */
  readonly fault: PortableError | null;
}

/** The first byte of an outcome. */
const [blockKind, faultKind] = [0, 1];

/** The outcome of a block as bytes: its result, or the error that the user's code has thrown in it. */
export function encodeOutcome(outcome: BlockResult | PortableError): Uint8Array {
  const bytes = "block" in outcome ? encodeBlock(outcome) : Buffer.from(JSON.stringify(outcome));
  return Buffer.concat([Buffer.from(["block" in outcome ? blockKind : faultKind]), bytes]);
}

/** The result of a block. @throws what the user's code has thrown in it. */
export function decodeOutcome(bytes: Uint8Array, name: string): BlockResult {
  const body = bytes.subarray(1);
  if (bytes[0] === faultKind) throw errorFrom(JSON.parse(Buffer.from(body).toString()));
  return decodeBlock(body, name);
}

/** The state of a part, deflated. */
export function encodeState({ setting, identity }: CampaignPart, state: CampaignState): Uint8Array {
  return deflateRawSync(encodeCampaigns([{ setting, identity, state }]));
}

/** The same, as data. */
export function decodeState(bytes: Uint8Array, name: string): CampaignState {
  const [record] = campaignsIn(parseJson(inflateRawSync(bytes).toString(), name), name);
  return record!.state;
}

/** Merges blocks. A fault ends the part: what comes after it is not wanted. */
export async function merge({ plan, part: index, state, knownInARow, outcomes }: MergeTask): Promise<Merged> {
  const part = plan.parts[index]!;
  let taken = 0;
  let fault: PortableError | null = null;
  async function* blocks() {
    for (const bytes of outcomes) {
      let result: BlockResult;
      try {
        result = decodeOutcome(bytes, "The result of a block");
      } catch (error) {
        fault = portableError(error);
        return;
      }
      taken++;
      yield result;
    }
  }
  const { adversaries } = await findProtocol(part.setting.protocol);
  const options = {
    ...optionsOf(plan, part),
    ...{ adversaries, knownInARow },
    ...(state && { resume: decodeState(state, "The state of a campaign") }),
  };
  const { result, ...rest } = await mergeBlocks(await settingFrom(part.setting), options, blocks());
  const coverage = coverageOf(result.state);
  return {
    ...rest,
    fault,
    isEnough: rest.isEnough || fault !== null,
    state: encodeState(part, result.state),
    level: result.state.sample.level,
    failures: result.state.failures.map(({ path }) => path),
    seen: coverage && { runs: result.runs, coverage },
    taken,
  };
}
