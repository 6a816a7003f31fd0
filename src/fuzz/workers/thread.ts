// The entry point of a thread that makes blocks: it finds the setting by itself, and then makes what it is told.

import { workerData } from "node:worker_threads";
import { serve } from "../../threads/serve.js";
import { settingOf } from "../../verdict/setting-source.js";
import { BlockMaker, type BlockResult } from "../block.js";
import { strategyNamed } from "../strategies/index.js";
import type { BlockTask, ThreadStart } from "./pool.js";

const { source, strategy, ...plan } = workerData as ThreadStart;
let maker: BlockMaker | null = null;

/** How long a block is made before the thread listens whether it has to come to an end, in milliseconds. */
const sliceMs = 100;

serve<BlockTask, BlockResult>(async ({ block, sampleLevel }, _, signal) => {
  maker ??= new BlockMaker(await settingOf(source), { ...plan, strategy: strategyNamed(strategy) });
  let sliceEnd = performance.now() + sliceMs;
  const listen = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnd = performance.now() + sliceMs;
    return signal.aborted;
  };
  return maker.make(block, () => (performance.now() < sliceEnd ? false : listen()), sampleLevel);
});
