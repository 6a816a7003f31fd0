// The two kinds of campaigns: random runs (plan.ts) and searches (check-plan.ts). What queue, store and worker need to know of a plan
// of either kind.

import { createHash } from "node:crypto";
import { parseJson } from "../files/json.js";
import { type CheckPlan, decodeCheckPlan, encodeCheckPlan, isCheckPlan, runsOf } from "./check-plan.js";
import { type CampaignPlan, decodePlan, encodePlan } from "./plan.js";

/** A plan of either kind. */
export type AnyPlan = CampaignPlan | CheckPlan;

/** The text of a plan. What is read and written again is the same text. */
export function encodeAnyPlan(plan: AnyPlan): string {
  return isCheckPlan(plan) ? encodeCheckPlan(plan) : encodePlan(plan);
}

/** Reads a plan. @throws {UserError} `bad-file` for anything else, and for a plan of another version. */
export function decodeAnyPlan(text: string, name: string): AnyPlan {
  return isCheckPlan(parseJson(text, name)) ? decodeCheckPlan(text, name) : decodePlan(text, name);
}

/** The name of a campaign: its protocol, or suite, and the beginning of the digest of its plan. Same plan, same name. */
export function nameOf(plan: AnyPlan): string {
  const digest = createHash("sha256").update(encodeAnyPlan(plan)).digest("hex").slice(0, 8);
  const named = isCheckPlan(plan)
    ? `check-${plan.protocol ?? plan.suites.map(({ name }) => name).join("-")}`
    : plan.parts[0]!.setting.protocol;
  const protocol = named.replace(/^.*[/\\](?=[^/\\]+$)/, "").replace(/\.[cm]?[jt]s$/, "");
  return `${protocol.replaceAll(/[^\w-]+/g, "-")}-${digest}`;
}

/** How many parts the server counts: the settings of random runs; the runs of all suites are one part. */
export function partsIn(plan: AnyPlan): number {
  return isCheckPlan(plan) ? 1 : plan.parts.length;
}

/** What the jobs of a plan are made of: settings with the identity of their code. */
export function madeOf(plan: AnyPlan) {
  if (!isCheckPlan(plan)) return plan.parts.map(({ setting, identity }) => ({ setting, identity }));
  return runsOf(plan).map(({ description: setting, identity }) => ({ setting, identity }));
}
