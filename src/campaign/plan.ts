// The plan of a campaign on several machines: everything that a block's result depends on, as one JSON document
// in the server. A block is a function of the plan, the part (one setting) and its number. The digest of the
// plan is the campaign's name, so that the same campaign cannot be started twice by mistake.

import * as Schema from "effect/Schema";
import type { SettingDescription } from "../catalogue/index.js";
import { document } from "../files/document.js";
import { parseJson } from "../files/json.js";
import { RecipeSchema } from "../fuzz/corpus-file.js";
import {
  blockRuns,
  defaultMaxActions,
  defaultMaxTimedActions,
  type FuzzOptions,
  strategyNamed,
} from "../fuzz/index.js";
import type { ThreadStart } from "../fuzz/workers/pool.js";
import type { Identity } from "../identity/identity.js";
import { IdentitySchema } from "../identity/schema.js";
import { UserError } from "../model/errors.js";
import { Trace } from "../trace/schema.js";
import { version } from "../version.js";

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0));

const Plan = Schema.Struct({
  format: Schema.Literal("turncoat-campaign"),
  version: Schema.Literal(1),
  /** The version of Turncoat that started it, and its runs in a block: another version makes other runs. */
  turncoat: Schema.String,
  blockRuns: count,
  seed: Schema.Int,
  strategy: Schema.String,
  /** Of each part; null: until somebody stops the campaign. */
  maxRuns: Schema.NullOr(count),
  /** A part ends with so many distinct failures. */
  maxFailures: count,
  parts: Schema.Array(
    Schema.Struct({
      setting: Trace.fields.setting,
      identity: IdentitySchema,
      maxActions: count,
      /** What every block begins with; null: nothing, and nothing is learned. */
      corpus: Schema.NullOr(Schema.Array(RecipeSchema)),
    }),
  ),
});

/** One setting of a campaign. */
export interface CampaignPart {
  readonly setting: SettingDescription;
  readonly identity: Identity;
  readonly maxActions: number;
  readonly corpus: (typeof Plan.Type.parts)[number]["corpus"];
}

/** A campaign; see the file comment. */
export interface CampaignPlan extends Omit<typeof Plan.Type, "parts"> {
  readonly parts: readonly CampaignPart[];
}

/** What a campaign is planned from. */
export interface PlanRequest {
  readonly seed: number;
  /** `maxRuns` may be infinite. */
  readonly options: FuzzOptions;
  readonly parts: readonly Omit<CampaignPart, "maxActions">[];
}

/** Writes a plan down. */
export function planCampaign({ seed, options, parts }: PlanRequest): CampaignPlan {
  const { maxRuns = Number.POSITIVE_INFINITY, maxFailures = 1, maxActions, strategy } = options;
  return {
    ...{ format: "turncoat-campaign", version: 1, turncoat: version, blockRuns },
    ...{ seed, strategy: strategy?.name ?? "mixed", maxFailures },
    maxRuns: Number.isFinite(maxRuns) ? maxRuns : null,
    parts: parts.map((part) => ({
      ...part,
      maxActions: maxActions ?? (part.setting.timing ? defaultMaxTimedActions : defaultMaxActions),
    })),
  };
}

/** The text of a plan. What is read and written again is the same text. */
export function encodePlan(plan: CampaignPlan): string {
  return JSON.stringify(Schema.decodeUnknownSync(Plan)(plan));
}

/** Reads a plan. @throws {UserError} `bad-file` for anything else, and for a plan of another version. */
export function decodePlan(text: string, name: string): CampaignPlan {
  const plan = document(Plan, parseJson(text, name), `${name} is not a campaign that can be read`);
  if (plan.turncoat !== version || plan.blockRuns !== blockRuns)
    throw new UserError(
      "bad-file",
      `${name} was started by Turncoat ${plan.turncoat}, and this is ${version}: its runs are others. Install the same version on all machines.`,
    );
  return plan as CampaignPlan;
}

/** How many blocks a part has; infinitely many if nothing limits its runs. */
export function blocksOf({ maxRuns }: CampaignPlan): number {
  return maxRuns === null ? Number.POSITIVE_INFINITY : Math.ceil(maxRuns / blockRuns);
}

/** The options of the local campaign that a part is the same as. */
export function optionsOf(plan: CampaignPlan, part: CampaignPart): FuzzOptions & { readonly seed: number } {
  return {
    seed: plan.seed,
    strategy: strategyNamed(plan.strategy),
    maxActions: part.maxActions,
    maxRuns: plan.maxRuns ?? Number.POSITIVE_INFINITY,
    maxFailures: plan.maxFailures,
    ...(part.corpus && { corpus: part.corpus }),
  };
}

/** What a thread needs to make blocks of a part. */
export function threadStartOf(plan: CampaignPlan, part: CampaignPart): ThreadStart {
  return {
    source: { description: part.setting },
    seed: plan.seed,
    strategy: plan.strategy,
    maxActions: part.maxActions,
    maxRuns: plan.maxRuns ?? Number.POSITIVE_INFINITY,
    stopsAtFailure: plan.maxFailures === 1,
    ...(part.corpus && { corpus: part.corpus }),
  };
}
