// The entry point of a thread that makes blocks: it finds the setting by itself, and then makes what it is told.

import { parentPort, workerData } from "node:worker_threads";
import { settingOf } from "../../explore/workers/source.js";
import { UserError } from "../../model/errors.js";
import { BlockMaker } from "../block.js";
import { strategyNamed } from "../strategies/index.js";
import type { Answer, ThreadStart } from "./pool.js";

const { source, strategy, stop, ...plan } = workerData as ThreadStart;
const stopped = new Int32Array(stop);

function answer(what: Answer): void {
  parentPort!.postMessage(what);
}

function fail(error: unknown): void {
  const code = error instanceof UserError ? error.code : null;
  const message =
    error instanceof Error ? (code === null ? (error.stack ?? error.message) : error.message) : String(error);
  answer({ error: { code, message } });
}

try {
  const maker = new BlockMaker(await settingOf(source), { ...plan, strategy: strategyNamed(strategy) });
  parentPort!.on("message", ({ n, block }: { readonly n: number; readonly block: number }) => {
    maker.make(block, () => Atomics.load(stopped, 0) !== 0).then((result) => answer({ n, result }), fail);
  });
} catch (error) {
  fail(error);
}
