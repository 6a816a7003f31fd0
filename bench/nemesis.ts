// Real clusters under every nemesis: `npm run bench:nemesis -- [--requests N] [--clients C] [--batch B] [--timeout T] [--checkpoint K] [--max-seconds S] [--only NAME,...] [--more]`.
//
// Four replicas and C clients (default: 64) run as `turncoat run --local 4 --batch B --pipeline 1 --timeout T --checkpoint-interval K --nemesis NAME` has them (default: 64, 8s
// and 16), once for each fault of machines and of the network and for each kind of Byzantine replica, with N requests (default: 10000), for S seconds at most (default: 400).
// Every request must be served, the audit must find nothing, each fault must have happened, and the model must explain the records. Exit code 1 otherwise.
// Many clients fill the batches: what a request costs is then its own message and four replies, and little of the agreement. A base timeout that a busy machine does not keep
// makes clients ask everybody again, which costs more than the requests themselves.
// `--more`: two Byzantine replicas of four, which is outside the contract and must be told; what happens then is shown.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faultKinds } from "../src/run/nemesis/plan.js";
import { benchArguments, positiveNumber } from "./arguments.js";

const { values } = benchArguments({
  options: {
    requests: { type: "string", default: "10000" },
    clients: { type: "string", default: "64" },
    batch: { type: "string", default: "64" },
    timeout: { type: "string", default: "8s" },
    checkpoint: { type: "string", default: "16" },
    "max-seconds": { type: "string", default: "400" },
    only: { type: "string" },
    more: { type: "boolean", default: false },
  },
});
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const clients = positiveNumber(values.clients, "--clients");
const batch = positiveNumber(values.batch, "--batch");
const checkpoint = positiveNumber(values.checkpoint, "--checkpoint");
const maxSeconds = positiveNumber(values["max-seconds"], "--max-seconds");
const each = Math.ceil(positiveNumber(values.requests, "--requests") / clients);
const byzantine = ["equivocating-primary", "lying-voter", "silent", "twin", "mutator", "amnesiac", "random"];
const names = values.only?.split(",") ?? [...Object.keys(faultKinds), ...byzantine];
const nemeses = values.more ? ["r0=equivocating-primary,r1=twin", "r0=lying-voter,r1=lying-voter"] : names;

console.table(nemeses.map(runUnder));

/** Runs a cluster under a nemesis, and holds it against the model; the row of the table. */
function runUnder(nemesis: string) {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-nemesis-"));
  const dir = join(directory, "cluster");
  const run = turncoat(
    ...`run --local 4 --clients ${clients} --requests ${each} --json --batch ${batch} --pipeline 1`.split(
      " ",
    ),
    ...[
      "--checkpoint-interval",
      String(checkpoint),
      "--timeout",
      values.timeout,
      "--max-seconds",
      String(maxSeconds),
      "--dir",
      dir,
    ],
    ...["--nemesis", nemesis],
  );
  const { document } = run;
  const conform = turncoat("conform", dir, "--json").document;
  const isRight = values.more
    ? document.outside === true
    : run.status === 0 && conform.verdict === "conforms" && document.outside === false;
  if (isRight) rmSync(directory, { recursive: true });
  else {
    console.log(
      `${nemesis}: exit code ${run.status}, everything is in ${directory}\n${run.stderr.slice(-500)}`,
    );
    process.exitCode = 1;
  }
  const row = { nemesis, ...figures(document), steps: conform.steps, verdict: conform.verdict };
  console.log(Object.values(row).join(" | "));
  return row;
}

// biome-ignore lint/suspicious/noExplicitAny: the schema of the document is tested elsewhere
function figures({ served, requests, seconds, latencyMs, faults, highestView, audit }: any) {
  return {
    ...{ requests, served, lost: audit.missing.length, twice: audit.twice.length },
    ...{ differently: audit.disagreements.length, seconds: Math.round(seconds) },
    faults: Object.values<number>(faults).reduce((sum, count) => sum + count, 0),
    ...{ "p50 ms": Math.round(latencyMs?.p50), "p99 ms": Math.round(latencyMs?.p99), view: highestView },
  };
}

function turncoat(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=8000", main, ...args],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (stdout === "") throw new Error(`turncoat ${args.join(" ")}: ${stderr}`);
  return { status, stderr, document: JSON.parse(stdout) };
}
