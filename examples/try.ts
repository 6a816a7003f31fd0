// Tests the example projects as a new user would: packs this package, copies each project to a fresh folder, and runs the project's tests
// with the pack. Tests that must fail are broken first. What the projects need is installed once, for all of them, since an install costs more
// than most of their tests; the starter has an install of its own.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tryCi } from "./try-ci.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "turncoat-examples-"));

/** The types in the package are compiled against. */
const compiler = [
  join(root, "node_modules", "typescript", "bin", "tsc"),
  ...["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--skipLibCheck"],
];

const install = ["install", "--no-audit", "--no-fund", "--prefer-offline"];

/** Runs a program to its end. */
function run(directory: string, program: string, args: readonly string[]) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: directory,
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * Runs a program that must end as expected, and prints its output if it does not. To fail is to end with 1: a program that
 * could not do its work, as turncoat says with 2 or more, has found nothing.
 */
async function must(
  expected: "pass" | "fail",
  directory: string,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  const startedAt = performance.now();
  const { code, output } = await run(directory, program, args);
  const what = [basename(program), ...args.map((arg) => basename(arg))].join(" ");
  if (code !== (expected === "pass" ? 0 : 1))
    throw new Error(`${what} had to ${expected}, and ended with ${code}:\n${output}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${basename(directory)}: ${what}: ${expected}, ${seconds} s`);
  return output;
}

interface Dependencies {
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
}

/** What is installed for several projects; beside them, so that the starter does not see it. */
const shared = join(place, "shared");

/** Installs the pack, and all that these projects name themselves. */
async function installFor(names: readonly string[], pack: string): Promise<void> {
  const needed = names.map((name) => {
    const text = readFileSync(join(root, "examples", name, "package.json"), "utf8");
    const { dependencies, devDependencies } = JSON.parse(text) as Dependencies;
    return { ...dependencies, ...devDependencies };
  });
  const dependencies = Object.assign({}, ...needed, { turncoat: `file:${pack}` });
  mkdirSync(shared);
  writeFileSync(join(shared, "package.json"), JSON.stringify({ private: true, dependencies }));
  await must("pass", shared, "npm", ...install);
}

/** A fresh copy of a project, with what was installed. */
function project(name: string): string {
  const directory = join(place, name);
  cpSync(join(root, "examples", name), directory, { recursive: true });
  symlinkSync(join(shared, "node_modules"), join(directory, "node_modules"), "junction");
  return directory;
}

/** That a runner counted so many tests. */
function counted(output: string, pattern: RegExp, count: number): void {
  const found = Number(pattern.exec(output)?.[1]);
  if (found !== count) throw new Error(`it should have been ${count} tests, not ${found}:\n${output}`);
}

async function tryAva(): Promise<void> {
  const directory = project("ava");
  await must("pass", directory, process.execPath, ...compiler, "vote.ts", "turncoat.config.ts");
  counted(await must("pass", directory, "npm", "test"), /(\d+) tests passed/, 15);
  const file = join(directory, "vote.ts");
  const text = readFileSync(file, "utf8");
  const quorum = "Math.floor((replicas + faults) / 2) + 1";
  if (!text.includes(quorum)) throw new Error("vote.ts does not have the quorum that is to be broken");
  writeFileSync(file, text.replace(quorum, "Math.floor(replicas / 2) + Math.min(faults, 1)"));
  const broken = await must("fail", directory, "npm", "test");
  counted(broken, /(\d+) tests failed/, 6); // n = 5: every place of a liar, and the trace in the corpus
}

async function tryVitest(): Promise<void> {
  const directory = project("vitest");
  counted(await must("pass", directory, "npm", "test"), /Tests {2}(\d+) passed/, 5);
}

/**
 * A package of npm, unchanged: its flaws are found, and the same searches of the repaired package find
 * nothing.
 */
async function tryRealRaft(): Promise<void> {
  const directory = project("real-raft");
  for (const [file, expected, runs] of [
    ["./votes.real.ts", "fail", "10"],
    ["./votes.repaired.real.ts", "pass", "10"],
    ["./cut.real.ts", "fail", "10"],
    ["./cut.repaired.real.ts", "pass", "2"], // each takes seconds
  ] as const)
    await must(expected, directory, "npx", "turncoat", "fuzz", file, "--seed", "1", "--runs", runs);
  await must("fail", directory, "npx", "turncoat", "check", "./two-leaders.real.ts");
  await must("pass", directory, "npx", "turncoat", "check", "./two-leaders.repaired.real.ts");
}

/** What `turncoat init` writes works untouched, and so do the CI files. */
async function tryStarter(pack: string): Promise<void> {
  const directory = join(place, "starter");
  mkdirSync(directory);
  await must("pass", directory, join(shared, "node_modules", ".bin", "turncoat"), "init");
  await must("pass", directory, "npm", ...install, pack);
  await must("pass", directory, process.execPath, ...compiler, "protocol.ts", "turncoat.config.ts");
  counted(await must("pass", directory, "npm", "test"), /^# pass (\d+)$/m, 2);
  await must("pass", directory, "npx", "turncoat", "check");
  const tools = join(place, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "package.json"), "{}");
  await tryCi(tools, directory, must);
}

try {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", place];
  const { output } = await run(root, "npm", args);
  const [{ filename }] = JSON.parse(output.slice(output.indexOf("[")));
  const pack = join(place, filename);
  const tries = { ava: tryAva, vitest: tryVitest, "real-raft": tryRealRaft, starter: tryStarter };
  const named = process.argv.slice(2); // default: all
  const chosen = Object.entries(tries).filter(([name]) => named.length === 0 || named.includes(name));
  const names = chosen.map(([name]) => name).filter((name) => name !== "starter");
  await installFor(names, pack);
  await Promise.all(chosen.map(([, attempt]) => attempt(pack)));
} finally {
  rmSync(place, { recursive: true, force: true });
}
