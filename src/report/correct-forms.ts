// The report on random runs of correct protocols, as a table: how much was tried, how much was decided, and
// that nothing was violated.

import type { FuzzResult } from "../fuzz/result.js";
import { noPaint, type Paint } from "../render/paint.js";
import { settingJson, settingName } from "../render/setting.js";
import type { PlannedRun } from "../suite/plan.js";
import { grouped } from "./numbers.js";
import { tableText } from "./table.js";

/** A campaign in one setting, and what came of it. */
export interface FormRow {
  readonly planned: PlannedRun;
  readonly fuzz: FuzzResult;
}

const head = [
  "protocol",
  "adversary",
  "settings",
  "runs",
  "events",
  "decided",
  "idle settings",
  "violations",
];

/**
 * One line for each protocol and adversary: settings are its placements, networks and kinds of faults.
 */
function lines(rows: readonly FormRow[]): string[][] {
  const groups = new Map<string, FormRow[]>();
  for (const row of rows) {
    const { protocol, config, adversary, bounds } = row.planned.description;
    const who =
      adversary ??
      (bounds.crashes ? `none, crashes${bounds.recovery === "always" ? ", all recover" : ""}` : "none");
    const name = `${protocol}${config.clients ? " with clients" : ""}\n${who}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => [...name.split("\n"), ...figures(group)]);
}

function figures(rows: readonly FormRow[]): string[] {
  const sum = (of: (result: FuzzResult) => number) => rows.reduce((total, { fuzz }) => total + of(fuzz), 0);
  const runs = sum(({ runs }) => runs);
  return [
    String(rows.length),
    grouped(runs),
    grouped(sum(({ events }) => events)),
    `${Math.round((100 * sum(({ decided }) => decided)) / Math.max(runs, 1))} %`,
    String(rows.filter(isIdle).length),
    String(rows.filter(({ fuzz }) => fuzz.counterexample !== null).length),
  ];
}

/**
 * Whether no run decided anything, so that agreement was not put to the test. (Reliable broadcast without its
 * sender.)
 */
function isIdle({ fuzz }: FormRow): boolean {
  return fuzz.decided === 0;
}

/** For a terminal. */
export function formsTable(rows: readonly FormRow[], paint: Paint = noPaint): string {
  const columns = head.map((name) => ({ head: name }));
  return tableText(columns, [...lines(rows), ["all", "", ...figures(rows)]], paint);
}

/** For a document. */
export function formsMarkdown(rows: readonly FormRow[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [head, head.map(() => "---"), ...lines(rows), ["all", "", ...figures(rows)]].map(line).join("\n");
}

/** The false alarms, one line each, with what makes the run again. */
export function formsProblems(rows: readonly FormRow[]): string[] {
  return rows.flatMap(({ planned, fuzz }) => {
    if (!fuzz.counterexample) return [];
    const { property, explanation } = fuzz.counterexample;
    return [
      `${settingName(planned.description)}: ${property}: ${explanation} (seed ${fuzz.seed}, path ${fuzz.path})`,
    ];
  });
}

/** For programs. */
export function formsJson(rows: readonly FormRow[]) {
  return rows.map(({ planned, fuzz }) => ({
    ...settingJson(planned.description, true),
    properties: planned.description.properties,
    runs: fuzz.runs,
    events: fuzz.events,
    decided: fuzz.decided,
    seed: fuzz.seed,
    violated: fuzz.counterexample?.property ?? null,
    path: fuzz.path,
  }));
}
