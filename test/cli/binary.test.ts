// What a process says is what the tests see, which run most commands in one process that has loaded Turncoat already.

import { cpSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { warm } from "../support/warm-commands.js";
import { directoryWith, moduleOf, type Outcome, parse, root, turncoatProcess } from "./support.js";

/**
 * Times, and how much memory was used, differ from run to run, and so does whether progress is printed, every five seconds. The process runs the
 * bundle, which is another build.
 */
function withoutMeasures({ code, stdout, stderr }: Outcome): Outcome {
  const without = (text: string) =>
    text
      .replaceAll(/^(minimizing|.* minimizing|.*: [\d,]+ states \(|.*: [\d,]+ runs).*\n/gm, "")
      .replaceAll(/"digest": ?"[0-9a-f]{64}"|, build [0-9a-f]{16}/g, "")
      .replaceAll(/"(seconds|\w*Seconds|statesPerSecond|\w*PerSecond|\w*Bytes|at)": ?[\d.]+/g, '"$1": 0')
      .replaceAll(/\b[\d.,]+( s\b|\/s\b| ms\b| MB\b| MiB\b| events\/s)/g, "0$1");
  return { code, stdout: without(stdout), stderr: without(stderr) };
}

const trace = "corpus/pbft-new-view-unjustified.json";
const files = {
  "mine.ts": moduleOf({ step: '() => { throw new Error("boom"); }' }),
  "late.ts": moduleOf({
    statements:
      'setTimeout(() => { throw new Error("late"); }, 1); await new Promise(() => setTimeout(() => {}, 1e8));',
  }),
  "history.edn":
    "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}\n",
};

for (const [code, ...args] of [
  [0, "--version"],
  [0, "--help"],
  [2],
  [2, "nosuch"],
  [1, "check", "pbft/quorum-2f", "--json"],
  [2, "check", "./mine.ts", "--adversary", "none"],
  [2, "check", "./late.ts", "--adversary", "none"],
  [1, "fuzz", "two-phase-commit/prepared-may-abort", "--seed", "1", "--json"],
  [2, "campaign", "start", "x", "pbft", "--redis", "redis://localhost:1"],
  [0, "simulate", "pbft", "--seed", "1", "--json"],
  [2, "explore", "nosuch"],
  [0, "replay", trace],
  [0, "minimize", "corpus/two-phase-commit-prepared-may-abort.json", "--max-states", "0"],
  [2, "keys", "nosuch"],
  [2, "run", "nosuch"],
  [2, "load", "nosuch"],
  [2, "trace", "merge", "nosuch"],
  [0, "emit-traces", "two-phase-commit", "--json"],
  [2, "conform", "nosuch"],
  [0, "history", "history.edn"],
  [0, "list", "networks"],
  [0, "init", "project"],
  [0, "completion", "bash"],
] as const)
  test.serial(`turncoat ${args.join(" ")}`, async (t) => {
    const outcomes: Outcome[] = [];
    for (const run of [turncoatProcess, (directory: string, ...words: string[]) => warm(directory, words)]) {
      const directory = await directoryWith(t, files);
      cpSync(join(root, "corpus"), join(directory, "corpus"), { recursive: true });
      const outcome = await run(directory, ...args);
      outcomes.push(withoutMeasures(JSON.parse(JSON.stringify(outcome).replaceAll(directory, "DIRECTORY"))));
    }
    t.is(outcomes[0]!.code, code, JSON.stringify(outcomes[0]));
    t.deepEqual(outcomes[1], outcomes[0]);
  });

test("a module of another directory is another one, also in a process that has loaded one of this name", async (t) => {
  const made = [];
  for (const statements of ["", "// another one"]) {
    const directory = await directoryWith(t, { "mine.ts": moduleOf({ statements }) });
    const outcome = await warm(directory, [
      "fuzz",
      "./mine.ts",
      "--runs",
      "1",
      "--adversary",
      "none",
      "--json",
    ]);
    t.not(outcome.code, 2, outcome.stderr);
    made.push(parse(outcome).runs[0].identity.parts["./mine.ts"]);
  }
  t.is(new Set(made).size, 2, made.join(" "));
});
