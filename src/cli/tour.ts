// `turncoat tour`: the first thing a newcomer runs. In seconds it checks the suite `tour`, explains one
// counterexample in words, and says what to try next.

import type { Command } from "commander";
import { findProtocol, settingFrom } from "../catalogue/index.js";
import { type Paint, paintFor } from "../render/paint.js";
import { renderReplay } from "../render/render.js";
import {
  type CompletedRun,
  checkHeading,
  checkNotes,
  checkTable,
  isAsExpected,
  type MadeRun,
  overallVerdict,
  withVerdict,
} from "../report/check.js";
import { isFaulty } from "../report/faulty-run.js";
import { wrapped } from "../report/table.js";
import { replay, traceOf } from "../trace/index.js";
import { version } from "../version.js";
import { documentOf, summary } from "./check-results.js";
import { makeRuns } from "./check-runs.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { type PlannedSuite, plannedSuites } from "./planned-suites.js";
import { say } from "./say.js";

export function addTour(command: Command): void {
  command
    .option("--traces <dir>", "where counterexamples are written", "./traces")
    .option("--json", "one JSON document on standard output")
    .action(async ({ traces, json = false }: { readonly traces: string; readonly json?: boolean }) => {
      process.exitCode = json ? await tourInJson(traces) : await tour(traces);
    });
}

/** The same runs, as a JSON document. */
async function tourInJson(traces: string): Promise<number> {
  const startedAt = performance.now();
  const suites = await plannedSuites(undefined, { suite: "tour" });
  const signal = onInterrupt();
  const completed = allOf(await makeRuns(suites, { traces }, { signal }));
  console.log(documentOf(completed, (performance.now() - startedAt) / 1000, false, "tour"));
  return signal.aborted ? exitCode.interrupted : exitCodeOf(overallVerdict(completed), false);
}

async function tour(traces: string): Promise<number> {
  const startedAt = performance.now();
  const paint = paintFor(process.stdout.isTTY === true);
  const suites = await plannedSuites(undefined, { suite: "tour" });
  const signal = onInterrupt();
  console.log(paint.bold(`turncoat ${version} tour`), paint.dim(`(node ${process.version})`));
  const onSuite = ({ name }: PlannedSuite, runs: readonly MadeRun[]) => {
    say(`\n${checkHeading(name, runs, paint)}\n${checkTable(runs, paint)}`, paint);
    for (const note of checkNotes(withVerdict(runs), false)) say(note, paint);
  };
  const made = await makeRuns(suites, { traces }, { signal, onSuite });
  const completed = allOf(made);
  for (const line of await flawLines(completed, paint)) console.log(line);
  const shortest = shortestIn(completed);
  if (shortest) for (const line of await toldLines(shortest, paint)) say(line, paint);
  const elapsed = (performance.now() - startedAt) / 1000;
  console.log(`\n${summary(completed, suites, elapsed, signal.aborted)}`);
  if (signal.aborted) return exitCode.interrupted;
  for (const line of nextLines(shortest)) console.log(line);
  return exitCodeOf(overallVerdict(completed), false);
}

/** The runs. All of them have a verdict, because they run no code of the user's. */
function allOf(runs: readonly MadeRun[]): CompletedRun[] {
  for (const run of runs) if (isFaulty(run)) throw run.error;
  return withVerdict(runs);
}

/** The flaw of each mutant. */
async function flawLines(runs: readonly CompletedRun[], paint: Paint): Promise<string[]> {
  const entries = await Promise.all(runs.map(({ planned }) => findProtocol(planned.description.protocol)));
  return entries.flatMap(({ name, mutant }) =>
    mutant
      ? wrapped(`${name}: ${mutant.flaw}.`, paint.width - 2).map(
          (line, place) => (place === 0 ? "  " : "    ") + line,
        )
      : [],
  );
}

/** The run with the shortest expected counterexample. */
function shortestIn(runs: readonly CompletedRun[]): CompletedRun | undefined {
  const length = ({ result }: CompletedRun) =>
    result.counterexample?.actions.length ?? Number.POSITIVE_INFINITY;
  return runs
    .filter((run) => isAsExpected(run) && run.result.counterexample !== null)
    .sort((a, b) => length(a) - length(b))[0];
}

async function toldLines({ planned, result }: CompletedRun, paint: Paint): Promise<string[]> {
  const { description } = planned;
  const setting = await settingFrom(description);
  const trace = traceOf(setting, result.counterexample!, {
    protocol: description.protocol,
    origin: "exhaustive search, plain",
  });
  return ["", paint.bold("The shortest of them, step by step:"), ...renderReplay(await replay(trace), paint)];
}

function nextLines(shortest: CompletedRun | undefined): string[] {
  const file = shortest?.traceFiles[0];
  return [
    "Next:",
    "  npx turncoat list                      protocols, mutants, adversaries and properties",
    "  npx turncoat check ./my-protocol.ts    a protocol of your own: docs/writing-a-protocol.md",
    "  npx turncoat check --suite standard    all of PBFT, and all its mutants: about a minute",
    ...(file === undefined ? [] : [`  npx turncoat replay ${file}`]),
  ];
}
