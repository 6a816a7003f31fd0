// CPU seconds to start a process: of the command line, from the bundle and from the compiled files, and as
// multiples of an empty Node process. `npm run bench:startup [-- REPETITIONS]`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchArguments, positiveNumber } from "./arguments.js";
import { median } from "./measuring.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { positionals } = benchArguments({ allowPositionals: true });
const repetitions = positiveNumber(positionals[0] ?? "9", "the number of repetitions");
const traces = mkdtempSync(join(tmpdir(), "turncoat-startup-"));

/** The entry points: of the bundle, and of the compiled files. */
const scripts = (bundled: string, compiled: string) =>
  [join(root, "build/bundle", bundled), join(root, "build/src", compiled)] as const;
const start = scripts("start.js", "cli/start.js");

const none = ["--adversary", "none", "--traces", traces];
const works: readonly (readonly [name: string, scripts: readonly string[], ...args: string[]])[] = [
  ["--version", start, "--version"],
  ["--help", start, "--help"],
  ["list", start, "list"],
  ["check --help", start, "check", "--help"],
  ["check that is cut at depth 0", start, "check", "two-phase-commit", ...none, "--max-depth", "0"],
  ["check of 251 states", start, "check", "two-phase-commit", ...none],
  ["replay of 4 actions", start, "replay", "corpus/pbft-quorum-2f.json"],
  ["modules of a search thread", scripts("src-explore-workers-thread.js", "explore/workers/thread.js")],
  ["modules of a fuzz thread", scripts("src-fuzz-workers-thread.js", "fuzz/workers/thread.js")],
  ["modules of a library", scripts("turncoat.js", "index.js")],
];

/** CPU seconds of a process, as a shell counts them. */
function cpuSecondsOf(args: readonly string[]): number {
  const { stdout } = spawnSync("sh", ["-c", '"$0" "$@" >/dev/null 2>&1; times', process.execPath, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  const children = stdout.trim().split("\n").at(-1)!;
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

/** Medians over several processes of each kind. They take turns, because the load of the machine changes. */
function measure(): Map<string, number> {
  const lines = [
    ["-e", "0"],
    ...works.flatMap(([, each, ...args]) => each.map((script) => [script, ...args])),
  ];
  const seconds = lines.map((): number[] => []);
  for (let round = 0; round < repetitions; round++)
    for (const [index, line] of lines.entries()) seconds[index]!.push(cpuSecondsOf(line));
  return new Map(lines.map((line, index) => [line.join(" "), median(seconds[index]!)]));
}

const figures = measure();
rmSync(traces, { recursive: true });
const bare = figures.get("-e 0")!;
const cells = (line: readonly string[]) => {
  const seconds = figures.get(line.join(" "))!;
  return [seconds.toFixed(3), (seconds / bare).toFixed(1)];
};
console.log(`node -e 0: ${bare.toFixed(3)} CPU s. Medians of ${repetitions}; then multiples of it.`);
console.log("| process | bundle, CPU s | x node | compiled files, CPU s | x node |");
console.log("|---|---|---|---|---|");
for (const [name, each, ...args] of works)
  console.log(`| ${[name, ...each.flatMap((script) => cells([script, ...args]))].join(" | ")} |`);
