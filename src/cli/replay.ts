// `turncoat replay`: checks whether traces still reproduce. The trace of a mutant is replayed on the correct
// protocol too, where it must not reproduce: a counterexample that works against both is a bug in PBFT, or in
// Turncoat.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isatty } from "node:tty";
import { type Command, Option } from "commander";
import { findProtocol } from "../catalogue/index.js";
import { exporterNamed, exporters } from "../export/index.js";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { counted } from "../parameters/words.js";
import { type Paint, paintFor } from "../render/paint.js";
import { renderReplay } from "../render/render.js";
import { splitName } from "../render/setting.js";
import { round } from "../report/numbers.js";
import {
  codeNote,
  isAsExpected,
  outcomeText,
  type Replayed,
  replayReport,
  type Unread,
  unreadJson,
  unreadReport,
} from "../report/replay.js";
import type { CommandReport } from "../report/run-report.js";
import { codeChanges } from "../trace/code-changes.js";
import { type Repair, type ReplayResult, readTrace, repair, replay } from "../trace/index.js";
import { version } from "../version.js";
import { stateLines } from "../viewer/state-lines.js";
import { Abandoned } from "../watch/clock.js";
import { errorLines } from "./error-lines.js";
import { exitCode } from "./exit-codes.js";
import { type ModuleOptions, refuseForeignModule, withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { choice } from "./options.js";
import { printJson } from "./print-json.js";
import { ownTerminal, stepThrough } from "./replay-step.js";
import {
  clearReports,
  commandLine,
  type ReportFiles,
  withReportOptions,
  writeReports,
} from "./report-files.js";
import { say } from "./say.js";

interface ReplayOptions extends ReportFiles, ModuleOptions {
  readonly steps?: boolean;
  readonly state?: boolean;
  readonly step?: boolean;
  readonly json?: boolean;
  readonly emit?: string;
  readonly out?: string;
}

export function addReplay(command: Command): void {
  command
    .argument("[files...]", "trace files, or directories of them (default: corpus/)")
    .option("--steps", "tell every trace step by step (default for a single file)")
    .option("--state", "tell what each step has changed in the state of its node, too")
    .option("--step", "step through a single trace by keys, in the terminal")
    .option("--json", "one JSON document on standard output")
    .addOption(
      choice(
        new Option("--emit <format>", "write a single trace for other tools"),
        exporters.map(({ name }) => name),
      ),
    )
    .option("--out <file>", "where --emit writes to (default: standard output)")
    .addHelpText(
      "after",
      `\nFormats:\n${formats()}\n\nExit code 1 if a trace does not give its expected outcome.`,
    )
    .action(async (files: readonly string[], options: ReplayOptions) => {
      process.exitCode = await replayAll(files, options);
    });
  withModuleOption(withReportOptions(command));
}

function formats(): string {
  return exporters.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join("\n");
}

function tellUnread({ error }: Unread, file: string): void {
  if (!error.message.includes(file)) console.error(visibleText(`${file}:`));
  console.error(errorLines(error).join("\n"));
}

async function replayAll(names: readonly string[], options: ReplayOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  const files = (await Promise.all((names.length > 0 ? names : ["corpus"]).map(traceFiles))).flat();
  refuseContradictions(files, options);
  if (options.emit !== undefined) return emitFile(files[0]!, options.emit, options);
  const paint = paintFor(process.stdout.isTTY === true);
  const signal = onInterrupt();
  const terminal = options.step
    ? ownTerminal({ input: isatty(0), output: process.stdout.isTTY === true })
    : null;
  const replayed: Replayed[] = [];
  const unread: Unread[] = [];
  for (const file of files) {
    const one = await replayFile(file, options, signal);
    if (one === null) break;
    if (isUnread(one)) {
      if (files.length === 1) throw one.error; // there is nothing else to tell
      unread.push(one);
      tellUnread(one, file);
      continue;
    }
    replayed.push(one);
    if (options.step) await stepThrough(one.result, terminal!, paint, signal);
    if (!options.json) tell(one, files.length === 1, options, paint);
    await new Promise((resolve) => setImmediate(resolve)); // lets an interrupt in
  }
  const end = {
    replayed,
    unread,
    left: files.length - replayed.length - unread.length,
    seconds: round((performance.now() - startedAt) / 1000),
  };
  await writeReports(options, commandReport(end));
  if (options.json) printJson(documentOf(end));
  else if (files.length > 1 || end.left > 0) tellEnd(end);
  if (end.left > 0) return exitCode.interrupted;
  if (unread.length > 0) return exitCode.usage;
  return verdictOf(end) === "holds" ? exitCode.holds : exitCode.violated;
}

/** The state of the command when it ends. */
interface End {
  readonly replayed: readonly Replayed[];
  readonly unread: readonly Unread[];
  /** How many traces were not replayed, because of an interrupt. */
  readonly left: number;
  readonly seconds: number;
}

function verdictOf({ replayed, unread, left }: End): "violated" | "inconclusive" | "holds" {
  if (!replayed.every(isAsExpected)) return "violated";
  return left + unread.length > 0 ? "inconclusive" : "holds";
}

function commandReport(end: End): CommandReport {
  return {
    command: "replay",
    commandLine: commandLine(),
    verdict: verdictOf(end),
    seed: null,
    seconds: end.seconds,
    runs: [...end.replayed.map(replayReport), ...end.unread.map(unreadReport)],
    notBegun: end.left,
  };
}

function documentOf(end: End) {
  return {
    turncoat: version,
    command: "replay",
    verdict: verdictOf(end),
    seconds: end.seconds,
    runs: end.replayed.map(replayJson),
    ...(end.unread.length > 0 && { unread: end.unread.map(unreadJson) }),
    ...(end.left > 0 && { notBegun: end.left }),
  };
}

function tellEnd({ replayed, unread, left }: End): void {
  const asExpected = replayed.filter(isAsExpected).length;
  const failed =
    unread.length > 0 ? ` ${counted(unread.length, "file")} could not be replayed: see above.` : "";
  const all = replayed.length + unread.length + left;
  const rest = left > 0 ? ` Interrupted: ${left} of ${all} not replayed.` : "";
  console.log(
    `\n${counted(replayed.length, "trace")}: ${asExpected} as expected, ${replayed.length - asExpected} not.${failed}${rest}`,
  );
  const others = replayed.filter((one) => codeNote(one) !== null);
  if (others.length > 0)
    console.log(
      `${others.length} of them found in other code, or not saying in which: replay one alone to see what has changed.`,
    );
}

function tell(one: Replayed, isAlone: boolean, { steps, state, step }: ReplayOptions, paint: Paint): void {
  const besides = state ? stateLines(one.result) : [];
  if (steps || state || (isAlone && !step))
    say(`${renderReplay(one.result, paint, besides).join("\n")}\n`, paint);
  say(outcomeLine(one, paint), paint);
  const note = codeNote(one);
  if (isAlone && note !== null) say(`    ${visibleText(note)}`, paint);
  if (isAlone && one.result.outcome === "holds now" && one.trace.expect === "reproduced")
    console.log(`    Is that a repair? Then let the file say "expect": "holds now", and keep it.`);
}

/** @throws {UserError} for options that make no sense together. */
function refuseContradictions(
  files: readonly string[],
  { emit, out, step, steps, state, json, junit, html }: ReplayOptions,
): void {
  if (step && (emit !== undefined || steps || state || json))
    throw new UserError("bad-option", "--step goes with none of --steps, --state, --json and --emit.");
  if (step && files.length !== 1)
    throw new UserError("bad-option", `--step shows one trace: name one file (these are ${files.length}).`);
  if (emit === undefined && out !== undefined)
    throw new UserError(
      "bad-option",
      "--out says where --emit writes to: give a format, as in --emit mermaid.",
    );
  if (emit === undefined) return;
  if (steps || state || json || junit !== undefined || html !== undefined)
    throw new UserError(
      "bad-option",
      "--emit goes with none of --steps, --state, --json, --junit and --html.",
    );
  if (files.length !== 1)
    throw new UserError("bad-option", `--emit writes one trace: name one file (these are ${files.length}).`);
}

/** Writes a trace in another format. Remarks go to standard error if the text itself goes to standard output. */
async function emitFile(file: string, format: string, options: ReplayOptions): Promise<number> {
  const { out = null } = options;
  const replayed = await replayFile(file, options, onInterrupt());
  if (replayed === null) return exitCode.interrupted;
  if (isUnread(replayed)) throw replayed.error;
  const text = exporterNamed(format).write(replayed);
  if (out === null) process.stdout.write(text);
  else writeAtomically(out, text);
  const isExpected = isAsExpected(replayed);
  const say = out === null ? console.error : console.log;
  if (out !== null || !isExpected) say(outcomeLine(replayed, paintFor(false)));
  if (out !== null) say(`Written to ${out}.`);
  return isExpected ? exitCode.holds : exitCode.violated;
}

async function traceFiles(name: string): Promise<string[]> {
  const isDirectory = await stat(name).then(
    (info) => info.isDirectory(),
    () => null,
  );
  if (isDirectory === null) throw new UserError("bad-file", `There is no file or directory ${name}.`);
  if (!isDirectory) return [name];
  const files = (await readdir(name)).filter((file) => file.endsWith(".json")).sort();
  if (files.length === 0) throw new UserError("bad-file", `There are no traces (*.json) in ${name}.`);
  return files.map((file) => join(name, file));
}

/** Null if it was interrupted. */
async function replayFile(
  file: string,
  options: ModuleOptions,
  signal: AbortSignal,
): Promise<Replayed | Unread | null> {
  if (signal.aborted) return null;
  try {
    return await replayWhole(file, options, signal);
  } catch (error) {
    if (error instanceof Abandoned) return null;
    if (error instanceof UserError) return { file, error };
    throw error;
  }
}

function isUnread(one: Replayed | Unread): one is Unread {
  return "error" in one;
}

async function replayWhole(file: string, options: ModuleOptions, signal: AbortSignal): Promise<Replayed> {
  const startedAt = performance.now();
  const trace = await readTrace(file);
  refuseForeignModule(file, trace.setting.protocol, options);
  const changes = await codeChanges(trace);
  const result = await replay(trace, undefined, signal);
  const { original } = await findProtocol(trace.setting.protocol);
  const onOriginal = original ? { protocol: original, result: await replay(trace, original, signal) } : null;
  const repaired = result.outcome === "diverged" ? await repair(trace) : null;
  return {
    file,
    trace,
    result,
    changes,
    repaired,
    onOriginal,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

function outcomeLine(replayed: Replayed, paint: Paint): string {
  const { file, trace, result, repaired, onOriginal } = replayed;
  const mark = isAsExpected(replayed) ? paint.good("ok ") : paint.bad("BAD");
  const expected = result.outcome === trace.expect ? "" : ` (expected: ${trace.expect})`;
  const other = onOriginal ? `; ${onOriginal.protocol}: ${outcomeText(onOriginal.result)}` : "";
  const said = `${file}  ${trace.setting.protocol}: ${outcomeText(result)}${repairText(repaired)}${expected}${other}`;
  return `${mark} ${visibleText(said)}`;
}

function repairText(repaired: Repair | null): string {
  if (repaired === null) return "";
  const { skipped, after } = repaired;
  const left = `action${skipped.length === 1 ? "" : "s"} ${skipped.join(", ")}`;
  return `; repaired by leaving out ${left}, it is violated after ${after} (turncoat minimize writes such a trace)`;
}

function replayJson({ file, trace, result, changes, repaired, onOriginal }: Replayed) {
  const [protocol, mutant] = splitName(trace.setting.protocol);
  return {
    file,
    protocol,
    mutant,
    property: trace.violates.property,
    actions: trace.actions.length,
    expected: trace.expect,
    identity: trace.identity ?? null,
    codeChanges: changes,
    ...outcomeJson(result),
    repaired: repaired && { skipped: repaired.skipped, after: repaired.after },
    original: onOriginal ? { protocol: onOriginal.protocol, ...outcomeJson(onOriginal.result) } : null,
  };
}

function outcomeJson(result: ReplayResult) {
  return {
    outcome: result.outcome,
    explanation: result.outcome === "reproduced" ? result.explanation : null,
    divergedAt: result.outcome === "diverged" ? result.at : null,
    divergedBecause: result.outcome === "diverged" ? (result.reason ?? null) : null,
  };
}
