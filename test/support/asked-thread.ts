// A program whose thread counts and is asked again and again what it is calling: nobody waits for its first answers. For
// test/cli/stuck-call.test.ts: threads can be asked by the main thread of a process alone.

import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { stuckCall } from "../../src/cli/stuck-call.js";

const counting = `
  const counter = new Int32Array(require("node:worker_threads").workerData);
  globalThis.turncoatCall = () => "counting";
  for (;;) Atomics.add(counter, 0, 1);
`;
const memory = new SharedArrayBuffer(4);
const counter = new Int32Array(memory);
const worker = new Worker(counting, { eval: true, workerData: memory });

async function countsOn(): Promise<void> {
  for (const before = Atomics.load(counter, 0); Atomics.load(counter, 0) === before; ) await setTimeout(5);
}

await countsOn();
for (const patienceMs of [0, 1, 2, 5]) {
  await stuckCall(worker.threadId, patienceMs);
  await countsOn();
}
console.log((await stuckCall(worker.threadId, 60_000))?.call);
await countsOn();
process.exit();
