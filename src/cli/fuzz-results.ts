// The results of fuzz campaigns, as `turncoat fuzz` and `turncoat campaign result` print and report them.

import type { Paint } from "../render/paint.js";
import { settingCaptions } from "../render/setting.js";
import { faultJson, faultReport, faultWord } from "../report/faulty-run.js";
import { type CompletedCampaign, campaignVerdict, fuzzJson, fuzzNotes, fuzzTable } from "../report/fuzz.js";
import type { CommandReport, RunReport } from "../report/run-report.js";
import { fuzzReport } from "../report/search-reports.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import type { MadeCampaigns } from "./fuzz-campaigns.js";
import { commandLine, shownTraces } from "./report-files.js";
import { say } from "./say.js";

/** The document of `--json`. */
export function documentOf({ campaigns, faults }: MadeCampaigns, seed: number, seconds: number) {
  const verdict = worstRun(campaigns.map(({ result }) => result.verdict));
  return {
    turncoat: version,
    command: "fuzz",
    seed: campaigns[0]?.result.seed ?? seed,
    verdict: faults.length > 0 && verdict === "holds" ? "inconclusive" : verdict,
    seconds,
    runs: campaigns.map(fuzzJson),
    ...(faults.length > 0 && { faultyRuns: faults.map(faultJson) }),
  };
}

/** Prints the results. */
export function tell({ campaigns, faults }: MadeCampaigns, paint: Paint): void {
  const descriptions = [...campaigns, ...faults].map(({ planned }) => planned.description);
  say(paint.dim(settingCaptions(descriptions).join("; ")), paint);
  console.log(fuzzTable([...campaigns, ...faults], paint));
  for (const note of fuzzNotes(campaigns)) say(note, paint);
}

/** The command for report files. */
export async function commandReport(
  { campaigns, faults, notBegun }: MadeCampaigns,
  seed: number,
  seconds: number,
): Promise<CommandReport> {
  return {
    command: "fuzz",
    commandLine: commandLine(),
    verdict:
      faults.length > 0
        ? faultWord
        : campaignVerdict(worstRun(campaigns.map(({ result }) => result.verdict))),
    seed,
    seconds,
    runs: [
      ...(await Promise.all(campaigns.map(reportOf))),
      ...faults.map((one) => faultReport(one, one.planned.description.protocol)),
    ],
    notBegun,
  };
}

async function reportOf(campaign: CompletedCampaign): Promise<RunReport> {
  const suite = campaign.planned.description.protocol;
  const traces = await shownTraces(campaign.traces.flatMap((trace) => trace?.file ?? []));
  return fuzzReport(campaign, { suite, traces, allowInconclusive: false });
}
