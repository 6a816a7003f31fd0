// The league as a table: each flaw with its source, what another tool needed to find it, and what the search and the fuzzer need.

import { noPaint, type Paint } from "../render/paint.js";
import { contested, published, unexpressed } from "../suite/league.js";
import { type FlawRow, isFine } from "./flaws.js";
import { type Before, mergedRows, rowsIn } from "./markdown-rows.js";
import { grouped, seconds } from "./numbers.js";
import { type Column, tableText } from "./table.js";

/** What the fuzzer needed with one seed; `found` says whether it found the flaw. */
export interface FuzzTry {
  readonly found: boolean;
  readonly runs: number;
  readonly cpuSeconds: number;
}

/** A flaw with what was measured. */
export interface LeagueRow extends FlawRow {
  readonly cpuSeconds: number;
  /** One for each seed. */
  readonly tries: readonly FuzzTry[];
}

/** The try in the middle, with those that found nothing last; of an even number the later one of the two. Null where there is none. */
export function medianTry(tries: readonly FuzzTry[]): FuzzTry | null {
  const sorted = [...tries].sort((a, b) => Number(b.found) - Number(a.found) || a.runs - b.runs);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

const columns: readonly Column[] = [
  { head: "flaw" },
  { head: "source", wraps: true, drop: 2 },
  { head: "other tool: depth", wraps: true, isRight: true },
  { head: "states", isRight: true },
  { head: "time", isRight: true },
  { head: "search: actions", wraps: true, isRight: true },
  { head: "states", isRight: true },
  { head: "CPU", isRight: true },
  { head: "fuzzer: found", wraps: true, isRight: true },
  { head: "median runs", wraps: true, isRight: true },
  { head: "CPU", isRight: true },
];

function cells(row: LeagueRow): string[] {
  const { protocol } = row.planned.description;
  const { counterexample, states } = row.search;
  const theirs = published[protocol];
  const median = medianTry(row.tries);
  const isFound = median?.found ?? false;
  return [
    protocol,
    row.source ?? "",
    theirs ? String(theirs.depth) : "-",
    theirs ? grouped(theirs.states) : "-",
    theirs?.time ?? "-",
    counterexample ? String(length(row)) : "not found",
    grouped(states),
    seconds(row.cpuSeconds),
    median ? `${row.tries.filter(({ found }) => found).length} of ${row.tries.length}` : "-",
    median && isFound ? grouped(median.runs) : "-",
    median && isFound ? seconds(median.cpuSeconds) : "-",
  ];
}

/** The actions of the trace; the search finds a shortest one. */
function length({ search: { counterexample } }: LeagueRow): number {
  return counterexample!.actions.length + (counterexample!.loop?.length ?? 0);
}

/** For a terminal. */
export function leagueTable(rows: readonly LeagueRow[], paint: Paint = noPaint): string {
  return tableText(columns, rows.map(cells), paint);
}

/** For a document, with what is contested. With `before` these rows replace those of the same flaws, and the others stay as they were. */
export function leagueMarkdown(rows: readonly LeagueRow[], before: Before | null = null): string {
  const fresh = rows.map(cells);
  const all = before ? mergedRows(rowsIn(before.document, columns.length), fresh, before.order) : fresh;
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    "# League",
    "",
    "Flaws that were seen in live or published code, printed by `npm run league -- --markdown docs/league.md`. The other tool's figures are its authors'; its",
    "model, bounds and machine differ from ours, so compare orders of magnitude and nothing finer. Their depth counts states of a",
    "trace, ours actions. CPU seconds are those of the machine that this was printed on. The fuzzer begins anew with each seed, and gives up after some seconds: a seed that finds nothing says little, least of all on a machine that does other things as well.",
    "The settings here are the weakest of each flaw; for SandTable's rows within bounds like its own see [what the search costs](performance.md#raft-published-flaws-at-bounds-like-the-other-tools).",
    "",
    line(columns.map(({ head }) => head)),
    line(columns.map(() => "---")),
    ...all.map(line),
    "",
    before ? summaryOf(all) : leagueSummary(rows),
    "",
    "## Contested",
    "",
    "Reported as flaws, and not counted here:",
    "",
    ...contested.map(({ item, why }) => `- ${item}: ${why}.`),
    "",
    "## Not here",
    "",
    "Seen in code, and why each is no row:",
    "",
    ...unexpressed.map(({ item, why }) => `- ${item}: ${why}.`),
    "",
  ].join("\n");
}

/** As in "12 of 12 flaws found by search, 11 of 12 by the median run of the fuzzer". */
export function leagueSummary(rows: readonly LeagueRow[]): string {
  const fuzzed = rows.filter(({ tries }) => tries.length > 0);
  const byFuzz = fuzzed.filter(({ tries }) => medianTry(tries)?.found).length;
  const found = rows.filter(isFine).length;
  return `${found} of ${rows.length} flaws found by search${fuzzed.length > 0 ? `, ${byFuzz} of ${fuzzed.length} by the fuzzer with the median seed` : ""}.`;
}

/** The same of rows that were printed. */
function summaryOf(rows: readonly (readonly string[])[]): string {
  const fuzzed = rows.filter((texts) => texts[8] !== "-");
  const byFuzz = fuzzed.filter((texts) => texts[9] !== "-").length;
  const found = rows.filter((texts) => texts[5] !== "not found").length;
  return `${found} of ${rows.length} flaws found by search${fuzzed.length > 0 ? `, ${byFuzz} of ${fuzzed.length} by the fuzzer with the median seed` : ""}.`;
}

/** For programs. */
export function leagueJson(rows: readonly LeagueRow[]) {
  return {
    flaws: rows.map((row) => {
      const { protocol, properties, config, bounds } = row.planned.description;
      return {
        ...{ flaw: protocol, rule: row.flaw, source: row.source, properties, config, bounds },
        other: published[protocol] ?? null,
        search: {
          ...{ verdict: row.search.verdict, states: row.search.states, depth: row.search.depth },
          ...{ cpuSeconds: row.cpuSeconds, actions: row.search.counterexample ? length(row) : null },
        },
        fuzz: { tries: row.tries, median: medianTry(row.tries) },
      };
    }),
    contested,
  };
}

/** For spreadsheets: the table, with a name of its own for each column. */
export function leagueCsv(rows: readonly LeagueRow[]): string {
  const head = ["flaw", "source", "other_depth", "other_states", "other_time"];
  const ours = [
    "search_actions",
    "search_states",
    "search_cpu",
    "fuzz_found",
    "fuzz_runs_median",
    "fuzz_cpu_median",
  ];
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [[...head, ...ours], ...rows.map(cells)].map((texts) => `${texts.map(quoted).join(",")}\n`).join("");
}
