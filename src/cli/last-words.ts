// Last words: what a command wants printed if it is ended now. The watchdog (supervisor.ts) prints them when
// it ends the process, because the command itself cannot while it is inside a step that never returns.

import { parentPort } from "node:worker_threads";

/** The message to the main thread. */
export interface LastWords {
  readonly lastWords: string;
}

/** Sets what the watchdog prints on standard output if it ends the process. */
export function setLastWords(text: string): void {
  parentPort?.postMessage({ lastWords: text } satisfies LastWords);
}
