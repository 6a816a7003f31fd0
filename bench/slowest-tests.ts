// What each test costs, dearest first: `npm run test:slowest -- [TEXT ...] [--count N]`. A TEXT chooses the test files whose path has it (default: all
// of the short part), and N tests are told (default 40). One test runs at a time, and the figures are CPU seconds of the tests' process and of those
// it started, so a busy machine changes them little. "(loading)" is what a room costs before its first test. Linux only.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { entriesOf, testFiles } from "../test/support/rooms.js";
import type { TestCost } from "../test/support/test-costs.js";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";
import { unknownTexts } from "./long-files.js";

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: { count: { type: "string", default: "40" } },
});
const count = positiveNumber(values.count, "--count");
if (process.platform !== "linux") refuse("this script reads /proc, which only Linux has");
process.chdir(fileURLToPath(new URL("../../", import.meta.url)));

const all = testFiles();
const [unknown] = unknownTexts(all, positionals);
if (unknown !== undefined) refuse(`no test file has ${JSON.stringify(unknown)} in its path`);
const isWanted = (file: string) =>
  positionals.length === 0 || positionals.some((text) => file.includes(text));

const place = mkdtempSync(join(tmpdir(), "turncoat-test-costs-"));
const costsFile = join(place, "costs.jsonl");
const notMeasured: string[] = [];
try {
  for (const [entry, files] of entriesOf(all.filter(isWanted)))
    if (!(await isMeasured(files))) notMeasured.push(entry);
  print(existsSync(costsFile) ? readCosts() : []);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Runs test files as one; false if they did not pass. */
async function isMeasured(files: readonly string[]): Promise<boolean> {
  const entry = "build/test/measured.js";
  const imports = ["support/test-costs.js", "support/bundled-threads.js", ...files].map(
    (file) => `import "./${file}";\n`,
  );
  writeFileSync(entry, imports.join(""));
  const ava = spawn(
    process.execPath,
    ["node_modules/ava/entrypoints/cli.mjs", "--serial", "--concurrency=1", entry],
    { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, TURNCOAT_TEST_COSTS: costsFile } },
  );
  const [code] = await once(ava, "close");
  rmSync(entry);
  return code === 0;
}

function readCosts(): TestCost[] {
  const lines = readFileSync(costsFile, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as TestCost).sort((one, other) => other.cpu - one.cpu);
}

function print(costs: readonly TestCost[]): void {
  for (const { title, cpu } of costs.slice(0, count))
    console.log(`${cpu.toFixed(2).padStart(7)} s  ${title}`);
  const sum = costs.reduce((seconds, { cpu }) => seconds + cpu, 0);
  console.log(`${sum.toFixed(0)} CPU s in ${costs.length} tests and loadings.`);
  // A file that awaits at its top level cannot be measured: AVA has begun before its tests are declared.
  for (const entry of notMeasured) console.log(`not measured: ${entry}`);
  process.exitCode = costs.length === 0 ? 1 : 0;
}
