// The catalogue of flaws as a table: each flaw with the means that found it, the time, and the length.

import { wordsFor } from "../catalogue/index.js";
import type { SearchResult } from "../explore/search-result.js";
import type { FuzzResult } from "../fuzz/result.js";
import { viewRange } from "../parameters/vocabulary.js";
import { noPaint, type Paint } from "../render/paint.js";
import { settingJson, settingName } from "../render/setting.js";
import type { CatalogueRun } from "../suite/flaws.js";
import { type Before, mergedRows, rowsIn } from "./markdown-rows.js";
import { grouped, seconds } from "./numbers.js";
import { type Column, tableText } from "./table.js";

/** A run of the catalogue and what came of it. */
export interface FlawRow extends CatalogueRun {
  readonly search: SearchResult;
  /** Null where nothing is to be found, or nobody has fuzzed. */
  readonly fuzz: FuzzResult | null;
}

/**
 * Whether the search gave the verdict that is expected, and nothing but the property in question is violated.
 */
export function isFine({ planned: { description, expect }, search }: FlawRow): boolean {
  const property = search.counterexample?.property;
  return search.verdict === expect && (property === undefined || description.properties.includes(property));
}

const columns: readonly Column[] = [
  { head: "protocol or mutant" },
  { head: "setting", wraps: true },
  { head: "property", wraps: true },
  { head: "search: states", wraps: true },
  { head: "time", drop: 1 },
  { head: "actions" },
  { head: "fuzz: runs", wraps: true },
];
const head = columns.map((column) => column.head);

/** The rows in which something was to be found, as cells of text. */
function cells(row: FlawRow): string[] {
  const { description } = row.planned;
  const { counterexample, states, seconds: time } = row.search;
  const { adversary, byzantine, config, bounds } = description;
  const who = adversary === null ? "nobody lies" : `${adversary} at ${byzantine.join(", ")}`;
  return [
    description.protocol,
    [`n=${config.replicas}`, viewRange(wordsFor(description.protocol).views, bounds.views), who]
      .filter((text) => text !== "")
      .join(", "),
    description.properties.join(", "),
    counterexample ? grouped(states) : `not found (${row.search.verdict}, ${grouped(states)})`,
    seconds(time),
    counterexample ? String(counterexample.actions.length + (counterexample.loop?.length ?? 0)) : "-",
    fuzzText(row.fuzz),
  ];
}

function fuzzText(result: FuzzResult | null): string {
  if (result === null) return "-";
  return result.counterexample ? grouped(result.runs) : `not in ${grouped(result.runs)}`;
}

function expected(rows: readonly FlawRow[]): FlawRow[] {
  return rows.filter(({ planned }) => planned.expect === "violated");
}

/** For a terminal. */
export function flawsTable(rows: readonly FlawRow[], paint: Paint = noPaint): string {
  return tableText(columns, expected(rows).map(cells), paint);
}

/**
 * For a document. The flaws themselves, in words, stand below. With `before` these rows replace those of the same protocols, and the others
 * stay as they were.
 */
export function flawsMarkdown(rows: readonly FlawRow[], before: Before | null = null): string {
  const fresh = expected(rows).map(cells);
  const all = before ? mergedRows(rowsIn(before.document, columns.length), fresh, before.order) : fresh;
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const flaws = expected(rows).flatMap(({ planned, flaw, source }) =>
    flaw === null ? [] : [`- \`${planned.description.protocol}\`: ${flaw} (${source}).`],
  );
  return [
    "# Flaws",
    "",
    "Printed by `npm run flaws -- --markdown docs/flaws.md`. Times are those of the machine that it ran on.",
    "",
    line(head),
    line(head.map(() => "---")),
    ...all.map(line),
    "",
    before ? summaryOf(all, rows, before) : flawsSummary(rows),
    "",
    ...(before ? mergedWords(new Set(flaws), before) : new Set(flaws)),
    "",
  ].join("\n");
}

/** The flaws in words, those that a document has of others among them. */
function mergedWords(fresh: ReadonlySet<string>, { document, order }: Before): readonly string[] {
  const nameOf = (text: string) => text.split("`")[1]!;
  const isOf = new Set([...fresh].map(nameOf));
  const kept = document
    .split("\n")
    .filter((text) => text.startsWith("- `") && order.includes(nameOf(text)) && !isOf.has(nameOf(text)));
  return [...kept, ...fresh].sort((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)));
}

/** The summary of rows of which some were printed before; of runs of correct forms it says what was said before, unless some were made now. */
function summaryOf(
  all: readonly (readonly string[])[],
  rows: readonly FlawRow[],
  { document }: Before,
): string {
  const found = all.filter((texts) => !texts[3]!.startsWith("not found")).length;
  const fuzzed = all.filter((texts) => texts[6] !== "-");
  const byFuzz = fuzzed.filter((texts) => !texts[6]!.startsWith("not in")).length;
  const correct = rows.filter(({ planned }) => planned.expect !== "violated");
  const quiet = correct.filter(isFine).length;
  const [said = ""] = /[^;\n]*runs of correct forms[^\n]*/.exec(document) ?? [];
  const made = ` of the runs of correct forms that were made last, ${quiet} of ${correct.length} without an alarm.`;
  return `${found} of ${all.length} violations found by search, ${byFuzz} of ${fuzzed.length} by fuzzing;${correct.length > 0 ? made : said}`;
}

/** No trace is kept of these: a loop of 48 actions that goes on for ever however coins fall is too long to show that it is minimal. */
const notKept = ["common-coin/coin-first"];

/** What is kept of a flaw: the violated property, and the size of the trace. */
export interface KeptTrace {
  readonly property: string;
  readonly actions: number;
  readonly replicas: number;
}

/**
 * Where the trace that is kept of a flaw is longer than what the search has found (or, with the plain search,
 * whose counterexamples have the fewest actions, of another length, unless it was minimized to fewer nodes), or
 * missing. One of another property cannot be compared. `kept`: by protocol.
 */
export function lengthProblems(rows: readonly FlawRow[], kept: ReadonlyMap<string, KeptTrace>): string[] {
  return rows.flatMap(({ planned, flaw, search: { counterexample, reduction } }) => {
    const { protocol } = planned.description;
    if (flaw === null || !counterexample || notKept.includes(protocol)) return [];
    const found = counterexample.actions.length + (counterexample.loop?.length ?? 0);
    const trace = kept.get(protocol);
    if (trace && trace.property !== counterexample.property) return [];
    const length = trace?.actions;
    const isExact = reduction === "none" && trace?.replicas === planned.description.config.replicas;
    const isShortest = length !== undefined && (isExact ? length === found : length <= found);
    if (isShortest) return [];
    return [`${protocol}: the search has found ${found} actions, and the corpus keeps ${length ?? "none"}`];
  });
}

/** What is not as expected, one line each. */
export function flawsProblems(rows: readonly FlawRow[]): string[] {
  return rows
    .filter((row) => !isFine(row))
    .map(
      ({ planned, search }) =>
        `${settingName(planned.description)}: expected ${planned.expect}, but it is ${search.verdict}${search.reason ? `: ${search.reason}` : ""}`,
    );
}

/** As in "31 of 31 flaws found, ...". */
export function flawsSummary(rows: readonly FlawRow[]): string {
  const wanted = expected(rows);
  const found = wanted.filter(isFine).length;
  const correct = rows.filter(({ planned }) => planned.expect !== "violated");
  const quiet = correct.filter(isFine).length;
  const fuzzed = wanted.filter(({ fuzz }) => fuzz !== null);
  const byFuzz = fuzzed.filter(({ fuzz }) => fuzz?.counterexample).length;
  return (
    `${found} of ${wanted.length} violations found by search${fuzzed.length > 0 ? `, ${byFuzz} of ${fuzzed.length} by fuzzing` : ""}; ` +
    `${quiet} of ${correct.length} runs of correct forms without an alarm.`
  );
}

/** For programs. */
export function flawsJson(rows: readonly FlawRow[]) {
  return rows.map((row) => ({
    ...settingJson(row.planned.description, true),
    flaw: row.flaw,
    source: row.source,
    properties: row.planned.description.properties,
    expected: row.planned.expect,
    verdict: row.search.verdict,
    property: row.search.counterexample?.property ?? null,
    states: row.search.states,
    seconds: Math.round(row.search.seconds * 1000) / 1000,
    actions: row.search.counterexample?.actions.length ?? null,
    fuzz: row.fuzz && { runs: row.fuzz.runs, found: row.fuzz.counterexample !== null, seed: row.fuzz.seed },
    asExpected: isFine(row),
  }));
}
