// A run as JUnit files and pages report it, whichever command made it.

import type { SettingDescription } from "../catalogue/index.js";
import { settingCaption } from "../render/setting.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { PropertyResult, Verdict } from "../verdict/verdict.js";
import type { CampaignSection } from "./campaign-html.js";

/** A label and what belongs to it, ready to be shown. */
export type Figure = readonly [label: string, value: string];

/** A trace that a run has left, or is about. */
export interface ShownTrace {
  readonly file: string;
  readonly result: ReplayResult;
}

/** How a test runner would call it. */
type Status = "passed" | "failed" | "error" | "skipped";

/** What is said of one property in one run. */
export interface CaseReport {
  readonly property: string;
  readonly verdict: string;
  readonly status: Status;
  /** One sentence: what is wrong, or why there is no answer; null where there is nothing to say. */
  readonly message: string | null;
  readonly traces: readonly ShownTrace[];
}

export interface RunReport {
  readonly suite: string;
  /** The setting in a few words. */
  readonly name: string;
  /** Null for a trace that could not be read. */
  readonly setting: SettingDescription | null;
  readonly seconds: number;
  readonly verdict: string;
  /** The verdict that was asked for; null if every property should hold. */
  readonly expected: string | null;
  readonly isAsExpected: boolean;
  /** Whether it was made earlier, and not now. */
  readonly cached?: boolean;
  readonly cases: readonly CaseReport[];
  /** What stands in the run's row of a table. */
  readonly figures: readonly Figure[];
  /** What happened: without it a verdict would be worth nothing. */
  readonly witnesses: readonly Figure[];
  readonly notes: readonly string[];
  /** Of the notes, what the verdict rests on or does not cover. Default: nothing. */
  readonly caveats?: readonly string[];
}

/** Its name, and its setting in brackets. */
export function longName({ name, setting }: RunReport): string {
  return setting === null ? name : `${name} (${settingCaption(setting)})`;
}

/** Everything that a command has to tell. */
export interface CommandReport {
  readonly command: "check" | "fuzz" | "replay";
  /** What was typed. */
  readonly commandLine: string;
  readonly verdict: string;
  readonly seed: number | null;
  readonly seconds: number;
  readonly runs: readonly RunReport[];
  /** How many runs were not begun, because the command was interrupted. */
  readonly notBegun: number;
  /** If it was made on many machines. */
  readonly campaign?: CampaignSection;
}

/** What decides the status of a property. */
export interface Outcome {
  /** The run's verdict. */
  readonly verdict: Verdict;
  readonly expected: Verdict | "any" | null;
  readonly allowInconclusive: boolean;
}

/**
 * How a property's verdict counts: so that a report has a failure or an error exactly if the command's exit
 * code is not 0. A run that has the verdict which its suite expects passes, whatever that is; one that misses
 * another verdict than `holds` fails in all its properties. Otherwise `violated` fails, and the run's other
 * properties, which have no answer then, are skipped; `inconclusive` and `vacuous` are errors (the first is
 * skipped if it is allowed); `outside` is skipped, but an error where it is all that the run has to say.
 */
function statusOf(property: Verdict, { verdict, expected, allowInconclusive }: Outcome): Status {
  if (expected === "any" || (expected !== null && expected === verdict))
    return property === "outside" ? "skipped" : "passed";
  if (expected !== null && expected !== "holds")
    return allowInconclusive && verdict === "inconclusive" ? "skipped" : "failed";
  switch (property) {
    case "holds":
      return "passed";
    case "violated":
      return "failed";
    case "inconclusive":
      return allowInconclusive || verdict === "violated" ? "skipped" : "error";
    case "vacuous":
      return verdict === "violated" ? "skipped" : "error";
    case "outside":
      return verdict === "outside" ? "error" : "skipped";
  }
}

/** The properties of a run, each with its status and its traces. */
export function casesOf(
  properties: readonly PropertyResult[],
  outcome: Outcome,
  traces: readonly ShownTrace[],
): CaseReport[] {
  return properties.map(({ name, verdict, reason }) => {
    const own = traces.filter(({ result }) => result.property === name);
    const shown = own[0]?.result;
    const found = shown?.outcome === "reproduced" ? shown.explanation : reason;
    const isMissed =
      outcome.expected !== null && outcome.expected !== "any" && outcome.expected !== outcome.verdict;
    const missed = isMissed ? `expected of the run: ${outcome.expected}, found: ${outcome.verdict}` : null;
    const said = [found, missed].filter((text) => text !== null);
    return {
      property: name,
      verdict,
      status: statusOf(verdict, outcome),
      message: said.length === 0 ? null : said.join("; "),
      traces: own,
    };
  });
}
