// What people and programs read about a fuzz campaign.

import Table from "cli-table3";
import type { FuzzResult } from "../fuzz/index.js";
import type { PlannedRun } from "../suite/plan.js";
import { grouped, round, seconds } from "./numbers.js";
import type { Paint } from "./paint.js";
import { outsideContractNote, settingJson, settingName } from "./setting.js";

/** A campaign that was made. */
export interface CompletedCampaign {
  readonly planned: PlannedRun;
  readonly result: FuzzResult;
  /** The minimized counterexample, if there is one: where it was written, and its length in actions. */
  readonly trace: { readonly file: string; readonly actions: number } | null;
  readonly insideContract: boolean;
}

/** One table for a list of campaigns. */
export function fuzzTable(campaigns: readonly CompletedCampaign[], paint: Paint): string {
  const heads = [
    "protocol",
    "adversary",
    "Byzantine",
    "views",
    "checked",
    "verdict",
    "runs",
    "events",
    "states",
    "decided",
    "time",
  ];
  const table = new Table({
    head: heads.map((head) => paint.dim(head)),
    colAligns: heads.map((_, index) => (index < 6 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const { planned, result } of campaigns) {
    const { description } = planned;
    const good = result.verdict === "holds";
    const text = good ? "no violation" : result.verdict;
    table.push([
      description.protocol,
      description.adversary ?? "none",
      description.byzantine.join(", ") || "-",
      `0-${description.bounds.views}`,
      `${description.properties.join(", ")}${description.config.clients ? " (with clients)" : ""}`,
      good ? paint.good(text) : paint.bad(text),
      grouped(result.runs),
      grouped(result.events),
      `${result.distinctStatesCapped ? "> " : ""}${grouped(result.distinctStates)}`,
      grouped(result.decided),
      seconds(result.seconds),
    ]);
  }
  return table.toString();
}

/** Reasons, and how to repeat what was found. */
export function fuzzNotes(campaigns: readonly CompletedCampaign[]): string[] {
  return campaigns.flatMap(({ planned, result, trace, insideContract }) => {
    const name = settingName(planned.description);
    const notes = result.reason
      ? [`${name}: ${result.verdict === "holds" ? "" : `${result.verdict}: `}${result.reason}.`]
      : [];
    if (result.counterexample) {
      const path = result.path === null ? "" : ` --path ${result.path}`;
      notes.push(`  Found in run ${result.runs}; the same run again: --seed ${result.seed}${path}`);
    }
    if (trace && result.counterexample)
      notes.push(
        `  Minimized from ${result.counterexample.actions.length} to ${trace.actions} actions in ${trace.file}; look at it with: turncoat replay ${trace.file}`,
      );
    if (!insideContract) notes.push(`${name}: ${outsideContractNote}.`);
    return notes;
  });
}

/** One campaign as the contract's JSON object. */
export function fuzzJson({ planned, result, trace, insideContract }: CompletedCampaign) {
  return {
    ...settingJson(planned.description, insideContract),
    expected: planned.expect,
    verdict: result.verdict,
    reason: result.reason,
    properties: result.properties,
    strategy: result.strategy,
    maxActions: result.maxActions,
    seed: result.seed,
    path: result.path,
    runs: result.runs,
    events: result.events,
    eventsPerSecond: Math.round(result.eventsPerSecond),
    distinctStates: result.distinctStates,
    distinctStatesCapped: result.distinctStatesCapped,
    decided: result.decided,
    undecided: result.undecided,
    stepCalls: result.stepCalls,
    seconds: round(result.seconds),
    peakMemoryBytes: result.peakMemoryBytes,
    witnesses: result.witnesses,
    trace: trace && { ...trace, minimal: true },
  };
}
