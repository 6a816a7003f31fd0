// Gives damaged files to the readers of all commands: `npm run bench:damaged -- [--files N] [--processes N]
// [--seed S]`.
//
// For each of traces, campaigns, corpus files and configurations, N damaged forms (default: 10000) are read
// in this process, and some more (--processes, default: 100) by the command line. Each must be read, or
// refused with one error within 2 s of CPU time: no stack trace, no exit code 70. Every failure is printed
// with its kind and seed, and kept as a file. Exit code 1 if there is one.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";
import { damaged, readers, reading } from "./damaging.js";

const { values } = benchArguments({
  options: {
    files: { type: "string", default: "10000" },
    processes: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
  },
});
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "turncoat-damaged-"));
const kept = mkdtempSync(join(tmpdir(), "turncoat-failures-"));
const turncoat = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { cwd: directory, encoding: "utf8", timeout: 120_000 });

const commands: { readonly [kind: string]: readonly string[] } = {
  trace: ["replay", "damaged.json"],
  campaign: ["fuzz", "--merge", "damaged.json"],
  corpus: [
    "fuzz",
    "pbft",
    "--views",
    "0",
    "--adversary",
    "silent",
    "--runs",
    "1",
    "--corpus",
    "damaged.json",
  ],
  config: ["check", "--max-seconds", "1"],
};

const trace = fileURLToPath(new URL("../../corpus/pbft-quorum-2f.json", import.meta.url));
turncoat(
  ...[
    "fuzz",
    "pbft/quorum-2f",
    "--adversary",
    "equivocating-primary",
    "--views",
    "0",
    "--runs",
    "60",
    "--seed",
    "1",
  ],
  ...["--report", "c.json", "--corpus", "k.json", "--no-minimize"],
);
const request = {
  protocol: "pbft",
  adversaries: ["silent"],
  views: 0,
  requests: 1,
  replicas: 4,
  expect: "holds",
};
const samples: { readonly [kind: string]: string } = {
  trace: readFileSync(trace, "utf8"),
  campaign: readFileSync(join(directory, "c.json"), "utf8"),
  corpus: readFileSync(join(directory, "k.json"), "utf8"),
  config: JSON.stringify({ suites: [{ name: "mine", requests: [request, { protocol: "paxos" }] }] }),
};

let failures = 0;
function fail(kind: string, seed: number, text: string, what: string): void {
  failures++;
  const file = join(kept, `${kind}-${seed}.json`);
  writeFileSync(file, text);
  console.log(`${kind}, seed ${seed}: ${what}\n  ${file}`);
}

const rows: object[] = [];
for (const kind of Object.keys(readers)) {
  const counts = { read: 0, refused: 0, crashed: 0, slow: 0 };
  let slowest = 0;
  mkdirSync(join(directory, kind), { recursive: true });
  for (let index = 0; index < positiveNumber(values.files, "--files"); index++) {
    const seed = numberFrom0(values.seed, "--seed") * 1_000_000 + index;
    const text = damaged(samples[kind]!, seed);
    const { outcome, seconds, error } = await reading(kind, text, join(directory, kind));
    counts[outcome]++;
    slowest = Math.max(slowest, seconds);
    if (outcome === "crashed" || outcome === "slow")
      fail(kind, seed, text, `${outcome}: ${error instanceof Error ? error.stack : seconds}`);
  }
  const codes = new Map<number | null, number>();
  for (
    let index = 0;
    index < numberFrom0(values.processes, "--processes") / Object.keys(readers).length;
    index++
  ) {
    const seed = numberFrom0(values.seed, "--seed") * 1_000_000 + 17 * index;
    const text = damaged(samples[kind]!, seed);
    rmSync(join(directory, "turncoat.config.json"), { force: true });
    writeFileSync(join(directory, kind === "config" ? "turncoat.config.json" : "damaged.json"), text);
    const { status, stderr } = turncoat(...commands[kind]!);
    codes.set(status, (codes.get(status) ?? 0) + 1);
    if (status === 70 || status === null || /has a bug|^ {4}at /m.test(stderr))
      fail(kind, seed, text, `exit code ${status}: ${stderr.slice(0, 500)}`);
  }
  const exits = [...codes].map(([code, count]) => `${code}: ${count}`).join(", ");
  rows.push({ kind, ...counts, "slowest, s": Number(slowest.toFixed(2)), "exit codes": exits });
}
console.table(rows);
rmSync(directory, { recursive: true });
if (failures === 0) rmSync(kept, { recursive: true });
process.exitCode = failures > 0 ? 1 : 0;
