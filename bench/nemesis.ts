// Real clusters under every nemesis: `npm run bench:nemesis -- [--requests N] [--clients C] [--only NAME,...] [--more]`.
//
// Four replicas and C clients (default: 16) run as `turncoat run --local 4 --batch 16 --pipeline 1 --nemesis NAME` has them, once for each fault of machines
// and of the network and for each kind of Byzantine replica, with N requests (default: 10000). Every request must be served, the audit must find
// nothing, each fault must have happened, and the model must explain the records. Exit code 1 otherwise. `--more`: two Byzantine replicas of four, which is
// outside the contract and must be told; what happens then is shown.

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
    clients: { type: "string", default: "16" },
    only: { type: "string" },
    more: { type: "boolean", default: false },
  },
});
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const clients = positiveNumber(values.clients, "--clients");
const each = Math.ceil(positiveNumber(values.requests, "--requests") / clients);
const byzantine = ["equivocating-primary", "lying-voter", "silent", "twin", "mutator", "amnesiac", "random"];
const names = values.only?.split(",") ?? [...Object.keys(faultKinds), ...byzantine];
const nemeses = values.more ? ["r0=equivocating-primary,r1=twin", "r0=lying-voter,r1=lying-voter"] : names;
/** How long one may take, in seconds. */
const maxSeconds = 460;

const rows = nemeses.map((nemesis) => {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-nemesis-"));
  const dir = join(directory, "cluster");
  const run = turncoat(
    ...[
      "run",
      "--local",
      "4",
      "--clients",
      String(clients),
      "--requests",
      String(each),
      "--dir",
      dir,
      "--json",
    ],
    ...["--batch", "16", "--pipeline", "1", "--timeout", "1s", "--max-seconds", String(maxSeconds)],
    ...["--nemesis", nemesis],
  );
  const { document } = run;
  const conform = turncoat("conform", dir, "--json");
  const isRight = values.more
    ? document.outside === true
    : run.status === 0 && conform.document.verdict === "conforms" && document.outside === false;
  if (isRight) rmSync(directory, { recursive: true });
  else {
    console.log(
      `${nemesis}: exit code ${run.status}, everything is in ${directory}\n${run.stderr.slice(-500)}`,
    );
    process.exitCode = 1;
  }
  const { audit } = document;
  const row = {
    nemesis,
    served: `${document.served} of ${document.requests}`,
    seconds: document.seconds,
    "p50 ms": Math.round(document.latencyMs?.p50 ?? Number.NaN),
    "p99 ms": Math.round(document.latencyMs?.p99 ?? Number.NaN),
    faults: Object.values<number>(document.faults).reduce((sum, count) => sum + count, 0),
    view: document.highestView,
    twice: audit.twice.length,
    lost: audit.missing.length,
    differently: audit.disagreements.length,
    steps: conform.document.steps,
    verdict: conform.document.verdict,
  };
  console.log(Object.values(row).join(" | "));
  return row;
});
console.table(rows);

function turncoat(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=8000", main, ...args],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (stdout === "") throw new Error(`turncoat ${args.join(" ")}: ${stderr}`);
  return { status, stderr, document: JSON.parse(stdout) };
}
