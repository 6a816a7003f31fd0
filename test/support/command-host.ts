// A process that runs one command of `turncoat` after the other, as the process `turncoat` runs one: what a command costs is then its work
// and not the loading of Turncoat, half a CPU second each time. See warm-commands.ts for the other side.

import "./bundled-threads.js";
import "./one-core.js";
import "./coverage.js";
import "esbuild"; // now: its service works where it was loaded, and the directory of a command goes away
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { report, runCommand } from "../../src/cli/run-command.js";
import type { Answer, Order } from "./warm-commands.js";

/** The script whose name is in `process.argv`. */
const main = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

let said = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"] as const)
  process[name].write = ((chunk: string | Uint8Array, ...others: readonly unknown[]) => {
    said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    const done = others.find((other) => typeof other === "function") as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  }) as typeof process.stdout.write;

/** The modules that lay in the directories of earlier commands, and when they were written. */
const seen = new Map<string, number>();

/** Whether a module of a test was written again: this process would go on with the one that it has loaded. */
function isRewritten(directory: string): boolean {
  if (!directory.startsWith(tmpdir())) return false;
  let isOld = false;
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    if (!/\.[cm]?[jt]s$/.test(name)) continue;
    const file = join(directory, name);
    const mtimeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if ((seen.get(file) ?? mtimeMs) !== mtimeMs) isOld = true;
    seen.set(file, mtimeMs);
  }
  return isOld;
}

process.on("message", async ({ directory, args, columns }: Order) => {
  if (isRewritten(directory)) {
    process.send!({ outcome: null, isLast: true } satisfies Answer, () => process.exit());
    return;
  }
  said = { stdout: "", stderr: "" };
  process.chdir(directory);
  process.argv = [process.execPath, main, ...args];
  if (columns === undefined) delete process.env.COLUMNS;
  else process.env.COLUMNS = String(columns);
  const code = await runCommand();
  process.send!({ outcome: { code, ...said }, isLast: false } satisfies Answer);
});

// Whatever a command has left behind ends with its process, as it does in a thread of its own.
process.on("disconnect", () => process.exit());

// As in a process of its own: such an error ends it.
process.on("uncaughtException", (error) => {
  const code = report(error);
  process.send!({ outcome: { code, ...said }, isLast: true } satisfies Answer, () => process.exit());
});
