// A worker of the pool: makes the runs that it is handed, one after the other.

import { parentPort } from "node:worker_threads";
import { UserError } from "../../model/errors.js";
import { simulate } from "../result.js";
import type { Parameters } from "../setting.js";
import type { Answer } from "./pool.js";

const port = parentPort!;

port.on(
  "message",
  async ({ index, parameters }: { readonly index: number; readonly parameters: Parameters }) => {
    port.postMessage(await answer(index, parameters));
  },
);

async function answer(index: number, parameters: Parameters): Promise<Answer> {
  try {
    return { index, result: await simulate(parameters) };
  } catch (error) {
    const code = error instanceof UserError ? error.code : null;
    const message =
      error instanceof Error
        ? code === null
          ? (error.stack ?? error.message)
          : error.message
        : String(error);
    return { index, error: { message, code } };
  }
}
