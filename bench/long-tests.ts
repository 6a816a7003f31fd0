// Runs the long tests (`test/**/*.long.ts`), one file after the other: `npm run test:long -- [TEXT ...] [--shard I/K] [--list]`. A TEXT chooses the
// files whose path has it, and a shard every K-th of them. A failure does not end it: at its end it says what each file took and which have
// failed, and exits with 1 if one has. Ctrl-C ends the file that runs; what was not run is named. `--list` only names the files.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { shard } from "../src/cli/options.js";
import { globSync } from "../test/support/glob.js";
import { benchArguments, refuse } from "./arguments.js";
import { chosenFiles, type Ended, summary, unknownTexts } from "./long-files.js";

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: { shard: { type: "string" }, list: { type: "boolean", default: false } },
});
process.chdir(fileURLToPath(new URL("../../", import.meta.url)));

function givenShard(text: string) {
  try {
    return shard(text);
  } catch (error) {
    return refuse(`--shard ${text}: ${(error as Error).message}`);
  }
}

const all = globSync(["test"], ".long.ts");
const [unknown] = unknownTexts(all, positionals);
if (unknown !== undefined) refuse(`no long test has ${JSON.stringify(unknown)} in its path`);
const files = chosenFiles(
  all,
  positionals,
  values.shard === undefined ? undefined : givenShard(values.shard),
);
if (files.length === 0) refuse(`--shard ${values.shard}: this shard has no files`);

let isInterrupted = false;
process.on("SIGINT", () => {
  isInterrupted = true; // AVA has got it as well, and ends
});

/** Runs a file, and shows what AVA says. A test may be silent for an hour. */
async function run(file: string): Promise<Ended> {
  const begunAt = performance.now();
  const ava = spawn(process.execPath, ["node_modules/ava/entrypoints/cli.mjs", "--timeout=60m", file], {
    stdio: "inherit",
  });
  const [code] = await once(ava, "close");
  return { file, isPassed: code === 0, seconds: (performance.now() - begunAt) / 1000 };
}

if (values.list) console.log(files.join("\n"));
else {
  const ended: Ended[] = [];
  for (const [index, file] of files.entries()) {
    console.log(`\n== ${index + 1} of ${files.length}: ${file}`);
    const one = await run(file);
    if (isInterrupted) break;
    ended.push(one);
    const failures = ended.filter(({ isPassed }) => !isPassed).length;
    console.log(
      `== ${one.isPassed ? "passed" : "FAILED"} in ${one.seconds.toFixed(0)} s; failed so far: ${failures}`,
    );
  }
  console.log(`\n${summary(files, ended).join("\n")}`);
  process.exitCode = isInterrupted ? 130 : ended.every(({ isPassed }) => isPassed) ? 0 : 1;
}
