// Clusters of processes under each nemesis: every request is served, the audit finds nothing, each fault has happened, and the model explains the
// records. `npm run bench:nemesis` does the same with 10,000 requests.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { faultKinds } from "../../src/run/nemesis/plan.js";
import { directoryWith, main } from "../cli/support.js";

const kinds = ["equivocating-primary", "lying-voter", "silent", "random", "twin", "mutator", "amnesiac"];
const nemeses = [
  ...Object.keys(faultKinds).map((fault) => ({ name: fault, byzantine: {}, faults: [{ fault }] })),
  ...kinds.map((kind) => ({ name: kind, byzantine: { r0: kind }, faults: [] as { fault: string }[] })),
];

for (const { name, byzantine, faults } of nemeses)
  test.serial(`under ${name} everything is served once, and conforms`, async (t) => {
    const directory = await directoryWith(t);
    const shortly = faults.map((fault) => ({ ...fault, seconds: 0.5 }));
    writeFileSync(
      join(directory, "nemesis.json"),
      JSON.stringify({ byzantine, faults: shortly, calmSeconds: 0.2, times: 12 }),
    );
    const { status, document } = run(t, directory, [
      ...["run", "--local", "4", "--clients", "8", "--requests", "40", "--timeout", "500ms", "--json"],
      ...["--nemesis", "nemesis.json", "--dir", "cluster"],
    ]);
    t.is(status, 0, JSON.stringify(document));
    t.deepEqual([document.served, document.outside], [320, false]);
    for (const { fault } of faults) t.true(document.faults[fault] > 0);
    const { twice, disagreements, missing, invented } = document.audit;
    t.deepEqual([twice, disagreements, missing, invented], [[], [], [], []]);
    const conform = run(t, directory, ["conform", "cluster", "--json"]);
    t.is(conform.document.verdict, "conforms", JSON.stringify(conform.document.rejection));
  });

test.serial(
  "twenty times all are killed under load; what was asked for is served in the end, and conforms",
  async (t) => {
    const directory = await directoryWith(t);
    const faults = [{ fault: "kill-all", seconds: 0.3 }];
    writeFileSync(join(directory, "nemesis.json"), JSON.stringify({ faults, calmSeconds: 0.2, times: 20 }));
    const { status, document } = run(t, directory, [
      ...["run", "--local", "4", "--clients", "8", "--requests", "40", "--timeout", "500ms", "--json"],
      ...["--nemesis", "nemesis.json", "--dir", "cluster"],
    ]);
    t.is(status, 0, JSON.stringify(document));
    t.is(document.served, 320);
    const { twice, disagreements, missing, invented } = document.audit;
    t.deepEqual([twice, disagreements, missing, invented], [[], [], [], []]);
    const conform = run(t, directory, ["conform", "cluster", "--json"]);
    t.is(conform.document.verdict, "conforms", JSON.stringify(conform.document.rejection));
  },
);

test.serial("more Byzantine replicas than the protocol bears are told", async (t) => {
  const directory = await directoryWith(t);
  const { document } = run(t, directory, [
    ...["run", "--local", "4", "--requests", "5", "--timeout", "500ms", "--max-seconds", "20", "--json"],
    ...["--nemesis", "r0=silent,r1=silent", "--dir", "cluster"],
  ]);
  t.deepEqual([document.end, document.served, document.outside], ["out-of-time", 0, true]);
});

function run(t: ExecutionContext, cwd: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    ...{ cwd, encoding: "utf8", maxBuffer: 2 ** 26 },
  });
  t.not(stdout, "", stderr);
  return { status, document: JSON.parse(stdout) };
}
