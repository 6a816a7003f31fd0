// Last words: what a command would print if it were ended now. The watchdog (supervisor.ts) prints them when it has to end the process,
// for a step that never returns keeps the command itself from doing so.

import { parentPort } from "node:worker_threads";

/** What the main thread is sent. */
export interface LastWords {
  readonly lastWords: string;
}

/** From now on this is printed on standard output if the watchdog ends the process. */
export function setLastWords(text: string): void {
  parentPort?.postMessage({ lastWords: text } satisfies LastWords);
}
