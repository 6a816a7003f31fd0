// How late limits and interrupts take effect: `npm run bench:limits -- [--only NAME] [--after SECONDS]`. Each
// command is run once under each limit, and ended once by each of SIGINT and SIGTERM, after so many seconds
// (default: 3). Exit code 1 if anything is more than a second late, so run it on an idle machine.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { benchArguments, positiveNumber } from "./arguments.js";

const { values } = benchArguments({
  options: { only: { type: "string", default: "" }, after: { type: "string", default: "3" } },
});
const after = positiveNumber(values.after, "--after");
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const cases = fileURLToPath(new URL("../../test/cases/", import.meta.url));
const corpus = fileURLToPath(new URL("../../corpus/", import.meta.url));
const words = (text: string) => text.split(" ");
const memoryMiB = 400;

const subjects: { readonly [name: string]: readonly string[] } = {
  counter: [`${cases}counter.ts`, ...words("--replicas 1 --faults 0 --adversary none --property agreement")],
  streamlet: [
    `${cases}streamlet.ts`,
    ...words("--adversary arbitrary --byzantine r3 --views 2 --requests 1 --property agreement"),
  ],
  simplex: [`${cases}simplex.ts`, ...words("--adversary none --views 2 --requests 2 --property agreement")],
  pbft: words("pbft --adversary arbitrary --byzantine r0 --views 2 --property agreement"),
};
const modes: { readonly [name: string]: readonly string[] } = {
  plain: words("--reduce none --workers 1"),
  "visible steps": words("--workers 1"),
  dominance: words("--reduce dominance --workers 1"),
  "two threads": words("--reduce none --workers 2"),
};

interface Row {
  readonly command: string;
  readonly limit: string;
  readonly late: string;
  readonly isLate: boolean;
}

const rows: Row[] = [];

function tell(command: string, limit: string, late: string, isLate: boolean): void {
  rows.push({ command, limit, late, isLate });
  console.log(`${command.padEnd(26)} ${limit.padEnd(14)} ${late}${isLate ? "  LATE" : ""}`);
}

const seconds = (value: number) => `${value.toFixed(2)} s`;

/** Runs a command in a directory of its own; `during` may end it. */
async function run(
  args: readonly string[],
  during?: (kill: (signal: NodeJS.Signals) => void) => Promise<void>,
) {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-limits-"));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  await Promise.race([ended, during?.((signal) => child.kill(signal)) ?? ended]);
  const code = await ended;
  const traces = join(directory, "traces");
  const files = existsSync(traces)
    ? readdirSync(traces).map((name) => statSync(join(traces, name)).mtimeMs)
    : [];
  rmSync(directory, { recursive: true });
  return { code, stdout, stderr, files, wall: (performance.now() - startedAt) / 1000 };
}

async function signalled(name: string, args: readonly string[]): Promise<void> {
  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    let sentAt = 0;
    const { code } = await run(args, async (kill) => {
      await setTimeout(after * 1000);
      sentAt = performance.now();
      kill(signal);
    });
    const late = (performance.now() - sentAt) / 1000;
    if (sentAt === 0) tell(name, signal, `was over before these ${after} s: see --after`, false);
    else tell(name, signal, `${seconds(late)}, exit code ${code}`, late > 1 || code !== expected);
  }
}

async function checked(name: string, args: readonly string[]): Promise<void> {
  const result = async (...limit: readonly string[]) => {
    const { stdout } = await run(["check", ...args, ...limit, "--json"]);
    return JSON.parse(stdout).runs[0];
  };
  const bySeconds = await result("--max-seconds", String(after));
  const late = bySeconds.seconds - after;
  const isOver = (one: { readonly verdict: string }) => one.verdict !== "inconclusive";
  const said = (one: { readonly verdict: string; readonly seconds: number; readonly reason: string }) =>
    isOver(one) ? `was over before: ${one.verdict} after ${seconds(one.seconds)}` : one.reason;
  tell(name, `${after} s`, isOver(bySeconds) ? said(bySeconds) : seconds(late), late > 1);
  const byMemory = await result("--max-memory", `${memoryMiB}MB`, "--max-seconds", "60");
  tell(name, `${memoryMiB} MB`, `${seconds(byMemory.seconds)}: ${said(byMemory)}`, byMemory.seconds > 61);
  const byStates = await result("--max-states", "1000", "--max-seconds", "60");
  tell(name, "1,000 states", `${byStates.states} states: ${said(byStates)}`, byStates.seconds > 61);
  const byDepth = await result("--max-depth", "2", "--max-seconds", "60");
  tell(
    name,
    "depth 2",
    `depth ${byDepth.depth}: ${said(byDepth)}`,
    byDepth.depth > 2 || byDepth.seconds > 61,
  );
  await signalled(name, ["check", ...args]);
}

/** A failure is on disk before it is minimized. */
async function found(name: string, args: readonly string[]): Promise<void> {
  let toldAt = 0;
  let all = "";
  const directory = mkdtempSync(join(tmpdir(), "turncoat-limits-"));
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.stderr.on("data", (chunk) => {
    all += chunk;
    if (toldAt === 0 && /Found: .* Written to/.test(all)) {
      toldAt = Date.now();
      child.kill("SIGTERM");
    }
  });
  await ended;
  const traces = join(directory, "traces");
  const [first] = existsSync(traces) ? readdirSync(traces) : [];
  tell(name, "on disk", first === undefined ? "no trace" : /Found: .*/.exec(all)![0], first === undefined);
  rmSync(directory, { recursive: true });
}

const commands: readonly (readonly [name: string, measure: (name: string) => Promise<void>])[] = [
  ...Object.entries(subjects).flatMap(([subject, args]) =>
    Object.entries(modes).map(
      ([mode, options]) =>
        [`check ${subject}, ${mode}`, (name: string) => checked(name, [...args, ...options])] as const,
    ),
  ),
  ...Object.entries(subjects).map(
    ([subject, args]) =>
      [`fuzz ${subject}`, (name: string) => signalled(name, ["fuzz", ...args, "--time", "60"])] as const,
  ),
  [
    "found simplex",
    (name) =>
      found(name, [
        "fuzz",
        `${cases}simplex-rebroadcasts.ts`,
        ...words("--adversary none --views 2 --requests 2 --property agreement --seed 3 --time 60"),
      ]),
  ],
  ["found pbft", (name) => found(name, words("fuzz pbft/votes-ignore-digest --seed 1 --time 60"))],
  ["minimize", (name) => signalled(name, ["minimize", `${corpus}pbft-view-change-forgets.json`])],
  [
    "simulate",
    (name) => signalled(name, words("simulate pbft --replicas 40 --clients 40 --requests 500 --seed 1")),
  ],
  ["replay", (name) => signalled(name, ["replay", corpus])],
];

for (const [name, measure] of commands) if (name.includes(values.only)) await measure(name);
const late = rows.filter(({ isLate }) => isLate).length;
console.log(`\n${rows.length} limits and interrupts: ${late} more than a second late.`);
process.exitCode = late > 0 ? 1 : 0;
