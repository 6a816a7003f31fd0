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

console.table(nemeses.map(runUnder));

/** Runs a cluster under a nemesis, and holds it against the model; the row of the table. */
function runUnder(nemesis: string) {
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
    served: `${served} of ${requests}`,
    seconds,
    "p50 ms": Math.round(latencyMs?.p50),
    "p99 ms": Math.round(latencyMs?.p99),
    faults: Object.values<number>(faults).reduce((sum, count) => sum + count, 0),
    view: highestView,
    twice: audit.twice.length,
    lost: audit.missing.length,
    differently: audit.disagreements.length,
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
