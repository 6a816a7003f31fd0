// The plan of a campaign of searches: the suites of `turncoat check`, planned, with everything that the result of each run depends
// on. A job is one run. The fuzz campaign's plan is in plan.ts.

import * as Schema from "effect/Schema";
import { document } from "../files/document.js";
import { parseJson } from "../files/json.js";
import type { Identity } from "../identity/identity.js";
import { IdentitySchema } from "../identity/schema.js";
import { UserError } from "../model/errors.js";
import type { PlannedRun } from "../suite/plan.js";
import type { RunOptions } from "../suite/side-by-side.js";
import { Trace } from "../trace/schema.js";
import { version } from "../version.js";

const format = "turncoat-check-campaign";
const number = Schema.optionalKey(Schema.Number);
const flag = Schema.optionalKey(Schema.Boolean);

const Plan = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Literal(1),
  /** The version of Turncoat that started it. */
  turncoat: Schema.String,
  /** The protocol that was named, or null: suites were. Reports say more of a single protocol. */
  protocol: Schema.NullOr(Schema.String),
  /** Whether the protocol's mutants are checked, too, and which rules no mutant tests is reported. */
  mutants: Schema.Boolean,
  suites: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      runs: Schema.Array(
        Schema.Struct({
          description: Trace.fields.setting,
          expect: Schema.NullOr(
            Schema.Literals(["holds", "violated", "inconclusive", "vacuous", "outside", "any"]),
          ),
          reduction: Schema.NullOr(Schema.Literals(["none", "sleep-sets", "visible-steps", "dominance"])),
          identity: IdentitySchema,
          /** The search's options, without its files. */
          options: Schema.Struct({
            ...{ maxStates: number, maxSeconds: number, maxDepth: number, maxViolations: number },
            reduction: Schema.optionalKey(
              Schema.Literals(["none", "sleep-sets", "visible-steps", "dominance"]),
            ),
            ...{ deadMessages: flag, symmetry: flag },
            tallies: Schema.optionalKey(Schema.Literals(["never", "large", "always"])),
          }),
        }),
      ),
    }),
  ),
});

/** One run of a suite: what is searched, how, and what it is made of. */
export interface CheckPlanRun extends PlannedRun {
  readonly identity: Identity;
  readonly options: RunOptions;
}

/** The suites of a campaign of searches; see the file comment. */
export interface CheckPlan extends Omit<typeof Plan.Type, "suites"> {
  readonly suites: readonly { readonly name: string; readonly runs: readonly CheckPlanRun[] }[];
}

/** Writes down the plan of planned suites, as it will be read: what is saved of a search names its setting by these bytes. */
export function planCheck(
  request: Pick<CheckPlan, "protocol" | "mutants">,
  suites: CheckPlan["suites"],
): CheckPlan {
  const plan: CheckPlan = { format, version: 1, turncoat: version, ...request, suites };
  return decodeCheckPlan(encodeCheckPlan(plan), "The plan");
}

/** Whether a plan, or its text as JSON, is of searches. */
export function isCheckPlan(plan: unknown): plan is CheckPlan {
  return typeof plan === "object" && plan !== null && (plan as CheckPlan).format === format;
}

/** The text of a plan. What is read and written again is the same text. */
export function encodeCheckPlan(plan: CheckPlan): string {
  return JSON.stringify(Schema.decodeUnknownSync(Plan)(plan));
}

/** Reads a plan. @throws {UserError} `bad-file` for anything else, and for a plan of another version. */
export function decodeCheckPlan(text: string, name: string): CheckPlan {
  const plan = document(Plan, parseJson(text, name), `${name} is not a campaign that can be read`);
  if (plan.turncoat !== version)
    throw new UserError(
      "bad-file",
      `${name} was started by Turncoat ${plan.turncoat}, and this is ${version}: its counts are others. Install the same version on all machines.`,
    );
  return plan as CheckPlan;
}

/** All runs, in the order of their suites: the numbers of the jobs. */
export function runsOf({ suites }: CheckPlan): readonly CheckPlanRun[] {
  return suites.flatMap(({ runs }) => runs);
}
