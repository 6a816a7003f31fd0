// The entry point of a thread that makes blocks: it loads the setting, and then makes the blocks that it is
// given.

import { workerData } from "node:worker_threads";
import { takeAlphabets } from "../../liar/work.js";
import type { Setting } from "../../model/setting.js";
import { serve } from "../../threads/serve.js";
import { settingOf } from "../../verdict/setting-source.js";
import { BlockMaker, type BlockResult } from "../block.js";
import { strategyNamed } from "../strategies/index.js";
import type { BlockNote, BlockTask, ThreadStart } from "./pool.js";

const { source, strategy, steps, alphabets = [], ...plan } = workerData as ThreadStart;
let maker: BlockMaker | null = null;

/** How long it works before it checks for messages, in milliseconds. */
const sliceMs = 100;

/** Sends news of the current block. */
let tell: (note: BlockNote) => void = () => {};

async function settingHere(): Promise<Setting> {
  const setting = await settingOf(source);
  takeAlphabets(setting.protocol, alphabets);
  return setting;
}

serve<BlockTask, BlockResult, BlockNote>(async ({ block, sampleLevel }, note, signal) => {
  tell = note;
  maker ??= new BlockMaker(
    await settingHere(),
    { ...plan, strategy: strategyNamed(strategy) },
    (failure) => tell({ failure }),
    steps,
  );
  const making = maker;
  let sliceEnd = performance.now() + sliceMs;
  const listen = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnd = performance.now() + sliceMs;
    return mustEnd();
  };
  const mustEnd = () => {
    tell({ soFar: making.soFar });
    return signal.aborted;
  };
  const pause = () => (performance.now() < sliceEnd ? false : listen());
  return making.make(block, pause, sampleLevel, mustEnd);
});
