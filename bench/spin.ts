// The bare search beside Spin: two-phase commit, which is the same system in Promela, with as many states and
// transitions. Needs Debian's packages `spin` and `gcc`.
//
//   npm run bench:spin [-- --managers 9] [--rounds 2]
//
// Of Spin the CPU seconds of the verifier that it generates are counted (gcc -O2, safety only), neither making
// it nor compiling it; of Turncoat those of the search, the compiling of its code by V8 included.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { search } from "../src/explore/search.js";
import { grouped } from "../src/report/numbers.js";
import { twoPhaseCommitSetting } from "../test/support/settings.js";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const { values } = benchArguments({
  options: {
    managers: { type: "string", default: "9" },
    rounds: { type: "string", default: "2" },
  },
});
const managers = positiveNumber(values.managers, "--managers");
const rounds = positiveNumber(values.rounds, "--rounds");

/** Resource managers are working (0), prepared (1), committed (2) or aborted (3). */
function promela(count: number): string {
  const all = Array.from({ length: count }, (_, manager) => manager);
  const ofEach = all.flatMap((i) => [
    `d_step { tm == 0 && msgPrepared[${i}] && !tmPrepared[${i}] -> tmPrepared[${i}] = 1 }`,
    `d_step { rm[${i}] == 0 -> rm[${i}] = 1; msgPrepared[${i}] = 1 }`,
    `d_step { rm[${i}] == 0 -> rm[${i}] = 3 }`,
    `d_step { msgCommit && rm[${i}] != 2 -> rm[${i}] = 2 }`,
    `d_step { msgAbort && rm[${i}] != 3 -> rm[${i}] = 3 }`,
  ]);
  const arePrepared = all.map((i) => `tmPrepared[${i}]`).join(" && ");
  const choices = [
    ...ofEach,
    `d_step { tm == 0 && ${arePrepared} -> tm = 1; msgCommit = 1 }`,
    "d_step { tm == 0 -> tm = 1; msgAbort = 1 }",
  ];
  const variables = `byte rm[${count}]; bit msgPrepared[${count}]; bit tmPrepared[${count}]; bit tm, msgCommit, msgAbort;`;
  return `${variables}\nactive proctype system() { do\n${choices.map((choice) => `:: ${choice}`).join("\n")}\nod }\n`;
}

const folder = mkdtempSync(join(tmpdir(), "spin-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** What a command has written; ends the process if it fails. */
function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (error) return refuse(`${command} cannot be run (${error.message}): apt-get install spin gcc`);
  if (status !== 0) return refuse(`${command} failed: ${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

function row(name: string, states: number, transitions: number, seconds: number): void {
  console.log(`| ${name} | ${grouped(states)} | ${grouped(transitions)} | ${seconds.toFixed(1)} |`);
}

writeFileSync(join(folder, "model.pml"), promela(managers));
run("spin", "-a", "model.pml");
run("gcc", "-O2", "-DSAFETY", "-DNOFAIR", "-o", "pan", "pan.c");
console.log("| search | states | transitions | CPU s |\n|---|---|---|---|");
for (let round = 0; round < rounds; round++) {
  const told = run("bash", "-c", "TIMEFORMAT='%U %S seconds'; time ./pan -m1000000 -w24 -E");
  const [, states] = /(\d+) states, stored/.exec(told) ?? refuse(`Spin has not told its states: ${told}`);
  const [, transitions] = /(\d+) transitions/.exec(told)!;
  const [, user, system] = /([\d.]+) ([\d.]+) seconds\n$/.exec(told)!;
  row("Spin", Number(states), Number(transitions), Number(user) + Number(system));
  for (const reduction of ["none", "sleep-sets"] as const) {
    const before = process.cpuUsage();
    const result = await search(twoPhaseCommitSetting(managers), { reduction });
    row(reduction === "none" ? "plain" : reduction, result.states, result.transitions, cpuSeconds(before));
  }
}
