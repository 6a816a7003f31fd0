// A replica of a cluster as a process of its own, for benchmarks that attack or kill it.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { CountersSnapshot } from "../src/run/counters.js";

const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));

/** A replica that runs as a process. */
export interface ReplicaProcess {
  readonly child: ChildProcess;
  /** Ends when it listens, or has ended. */
  readonly listening: Promise<void>;
  /** What it has counted, if it tells that as it stops. */
  readonly stopped: Promise<CountersSnapshot | null>;
}

/** Starts the replica that this file describes. */
export function replicaOf(file: string): ReplicaProcess {
  const child = spawn(process.execPath, [main, "run", file, "--with-parent"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let [listens, stops] = [() => {}, (_: CountersSnapshot | null) => {}];
  const listening = new Promise<void>((resolve) => {
    listens = resolve;
  });
  const stopped = new Promise<CountersSnapshot | null>((resolve) => {
    stops = resolve;
  });
  createInterface({ input: child.stdout! }).on("line", (text) => {
    const line = JSON.parse(text) as { readonly msg: string; readonly counters?: CountersSnapshot };
    if (line.msg === "listening") listens();
    if (line.counters) stops(line.counters);
  });
  child.on("close", () => {
    listens();
    stops(null);
  });
  return { child, listening, stopped };
}
