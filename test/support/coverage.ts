// Records which of the project's code a test file runs, for c8: loaded by AVA into the thread of each test file. The threads that a test starts
// beside its own are not
// recorded, nor are processes, but the one that runs commands (command-host.ts): what they alone cover is less than one line in a hundred.
//
// Node's own way, NODE_V8_COVERAGE, writes for each thread 3 MB of which 0.3 are of this project: packages, tests and all source maps as well.

import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join, resolve } from "node:path";
import { threadId } from "node:worker_threads";

const folder = process.env.TURNCOAT_COVERAGE;
const session = new Session();
let isRecording = true;
if (folder) record(resolve(folder)); // now: a host of commands changes its directory, and at its end that one is gone

/** Records nothing in this thread, and forgets what it has recorded. */
export function stopRecording(): void {
  if (!folder) return;
  session.post("Profiler.stopPreciseCoverage");
  isRecording = false;
}

/** Begins to record; at the end of the thread what was recorded is written into the folder. */
function record(into: string): void {
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  process.on("exit", () => {
    if (!isRecording) return;
    session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error) throw error;
      mkdirSync(into, { recursive: true });
      const ours = result.filter(({ url }) => isOurs(url));
      writeFileSync(join(into, `coverage-${process.pid}-${threadId}.json`), JSON.stringify({ result: ours }));
    });
  });
}

const build = new URL("../../", import.meta.url).href;
const tests = new URL("../", import.meta.url).href;

/** Whether a script is compiled from this project, and is no test. */
function isOurs(url: string): boolean {
  return url.startsWith(build) && !url.startsWith(tests);
}
