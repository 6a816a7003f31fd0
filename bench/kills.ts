// Kills commands at random moments, and checks what they leave: `npm run bench:kills -- [--moments N] [--only
// COMMAND] [--seed S]`.
//
// Each of check, fuzz, simulate and minimize is ended N times (default: 20) by each of SIGKILL, SIGTERM and
// SIGINT. It may lose what happened since the last save: one block of a campaign, one row of a sweep. Exit
// code 1 if anything else is lost, a file is half-written, a temporary file survives the next command, or the
// command line prints a stack trace.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";

const { values } = benchArguments({
  options: {
    moments: { type: "string", default: "20" },
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
  },
});
const moments = positiveNumber(values.moments, "--moments");
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const corpus = fileURLToPath(new URL("../../corpus/", import.meta.url));
const random = xoroshiro128plus(numberFrom0(values.seed, "--seed"));
const uniform = () => (random.next() >>> 0) / 2 ** 32;

type Signal = "SIGKILL" | "SIGTERM" | "SIGINT";
const expectedCode = { SIGKILL: null, SIGTERM: 143, SIGINT: 130 } as const;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Command {
  readonly name: string;
  readonly args: readonly string[];
  /** Prepares the directory. */
  prepare?(directory: string): void;
  /** Checks what is left, against the directory of a run that was not ended; resumes the run if it can be resumed. */
  problems(directory: string, whole: string): Promise<string[]>;
}

function begin(directory: string, args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended };
}

const run = (directory: string, ...args: readonly string[]) => begin(directory, args).ended;

/** The file's text, or null if there is no file. */
function textOf(directory: string, name: string): string | null {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

const statesIn = ({ stdout }: Ended) => {
  const [{ states, verdict }] = JSON.parse(stdout).runs;
  return `${verdict}, ${states} states`;
};

const fuzzRuns = 40_000;
const checkArgs = [
  "pbft",
  "--adversary",
  "equivocating-primary",
  "--byzantine",
  "r1",
  "--views",
  "2",
  "--property",
  "agreement",
];
const fuzzArgs = [
  "pbft",
  "--adversary",
  "silent",
  "--byzantine",
  "r3",
  "--views",
  "0",
  "--property",
  "agreement",
];
const sweepArgs = ["--adversary", "silent", "--replicas", "7", "--sweep", "byzantine=0..2", "--trials", "40"];

/**
 * Whether the lines are some of all, in their order. After an interrupt rows may be missing between others: those of runs that other
 * threads were making then.
 */
function isInOrder(some: string, all: string): boolean {
  const lines = all.split("\n");
  let at = -1;
  return some.split("\n").every((line) => {
    at = lines.indexOf(line, at + 1);
    return at >= 0;
  });
}

const commands: readonly Command[] = [
  {
    name: "check",
    args: ["check", ...checkArgs, "--workers", "1"],
    async problems(directory, whole) {
      const traces = join(directory, "traces");
      const [file] = existsSync(traces)
        ? readdirSync(traces).filter((name) => name.endsWith(".checkpoint"))
        : [];
      const again = file ? ["--resume", join("traces", file)] : checkArgs;
      const [resumed, alone] = [
        await run(directory, "check", ...again, "--json"),
        await run(whole, "check", ...checkArgs, "--json"),
      ];
      return statesIn(resumed) === statesIn(alone)
        ? []
        : [`${statesIn(resumed)} instead of ${statesIn(alone)}`];
    },
  },
  {
    name: "fuzz",
    args: [
      "fuzz",
      ...fuzzArgs,
      "--runs",
      `${fuzzRuns}`,
      "--seed",
      "4",
      "--workers",
      "1",
      "--report",
      "r.json",
      "--corpus",
      "c.json",
    ],
    async problems(directory, whole) {
      const report = textOf(directory, "r.json");
      if (report === null) return [];
      if (textOf(directory, "c.json") !== null) JSON.parse(textOf(directory, "c.json")!);
      const { counts, blocks } = JSON.parse(report).campaigns[0].state;
      const isWhole = counts.runs === blocks * 5000;
      await run(directory, "fuzz", "--resume", "r.json", "--report", "r.json");
      const isSame = textOf(directory, "r.json") === textOf(whole, "r.json");
      return [
        ...(isWhole ? [] : ["a block is cut"]),
        ...(isSame ? [] : ["the resumed campaign is another one"]),
      ];
    },
  },
  {
    name: "simulate",
    args: ["simulate", ...sweepArgs, "--seed", "3", "--csv", "s.csv", "--svg", "s.svg"],
    async problems(directory, whole) {
      const [csv, all] = [textOf(directory, "s.csv"), textOf(whole, "s.csv")!];
      const svg = textOf(directory, "s.svg");
      return [
        ...(csv === null || isInOrder(csv, all) ? [] : ["the rows are not those of the sweep, in its order"]),
        ...(csv === null || csv === "" || csv.endsWith("\n") ? [] : ["the last row is cut"]),
        ...(svg === null || svg.trimEnd().endsWith("</svg>") ? [] : ["the picture is cut"]),
      ];
    },
  },
  {
    name: "minimize",
    args: ["minimize", "long.json"],
    prepare: (directory) =>
      cpSync(join(corpus, "pbft-new-view-unjustified.json"), join(directory, "long.json")),
    async problems(directory, whole) {
      const isTouched = textOf(directory, "long.json") !== textOf(whole, "long.json");
      const left = textOf(directory, "traces/long.min.json");
      if (left === null) return isTouched ? ["the trace itself was changed"] : [];
      const replayed = await run(directory, "replay", "traces/long.min.json");
      return replayed.code === 0 ? [] : ["what was written does not replay"];
    },
  },
];

const scratch = mkdtempSync(join(tmpdir(), "turncoat-kills-"));
let count = 0;

function directoryFor({ prepare }: Command): string {
  const directory = join(scratch, `${++count}`);
  mkdirSync(directory);
  prepare?.(directory);
  return directory;
}

function temporaries(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".tmp"),
  );
}

interface Outcome {
  /** It ended before the signal. */
  readonly wasDone: boolean;
  readonly problems: readonly string[];
}

/** Sends a command a signal after so many milliseconds. */
async function kill(
  command: Command,
  signal: Signal,
  afterMs: number,
  whole: string,
  code: number,
): Promise<Outcome> {
  const directory = directoryFor(command);
  const { child, ended } = begin(directory, command.args);
  await setTimeout(afterMs);
  const before = command.name === "fuzz" ? blocksIn(directory) : 0;
  const isKilled = child.exitCode === null && child.kill(signal);
  const end = await ended;
  const problems: string[] = [];
  if (/\n {4}at /.test(end.stderr)) problems.push(`a stack trace: ${end.stderr.split("\n")[0]}`);
  const hasBegun = end.stdout !== "" || end.stderr !== "";
  const right = [expectedCode[signal], code];
  if (isKilled && hasBegun && !right.includes(end.code)) problems.push(`exit code ${end.code ?? end.signal}`);
  if (command.name === "fuzz" && blocksIn(directory) < before)
    problems.push("blocks that were saved are gone");
  try {
    problems.push(...(await command.problems(directory, whole)));
  } catch (error) {
    problems.push(`what is left cannot be read: ${error}`);
  }
  if (signal === "SIGKILL") await run(directory, ...command.args); // the next command removes temporary files
  if (temporaries(directory).length > 0) problems.push(`${temporaries(directory)} stays`);
  rmSync(directory, { recursive: true });
  return { wasDone: !isKilled, problems };
}

function blocksIn(directory: string): number {
  const report = textOf(directory, "r.json");
  return report === null ? 0 : JSON.parse(report).campaigns[0].state.blocks;
}

let failed = 0;
for (const command of commands.filter(({ name }) => name.startsWith(values.only))) {
  const whole = directoryFor(command);
  const startedAt = performance.now();
  const { code } = await run(whole, ...command.args);
  const duration = performance.now() - startedAt;
  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    const outcomes: Outcome[] = [];
    for (let moment = 0; moment < moments; moment++)
      outcomes.push(await kill(command, signal, uniform() * duration, whole, code ?? 0));
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    failed += problems.length;
    const done = outcomes.filter(({ wasDone }) => wasDone).length;
    console.log(
      `${command.name.padEnd(8)} ${signal}: ${moments} moments of ${(duration / 1000).toFixed(1)} s, ${done} of them after the end; ` +
        `${problems.length === 0 ? "nothing lost" : `${problems.length} problems`}`,
    );
    for (const problem of new Set(problems))
      console.log(`  ${problems.filter((one) => one === problem).length} times: ${problem}`);
  }
}
rmSync(scratch, { recursive: true });
process.exitCode = failed > 0 ? 1 : 0;
