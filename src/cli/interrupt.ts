// Ctrl-C once: stop at the next opportunity and report what was found. Twice: stop at once.

import { exitCode } from "./exit-codes.js";

/** An abort signal that the first interrupt sets off. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    process.stderr.write(
      "\nInterrupted: reporting what was found so far (press Ctrl-C again to stop at once).\n",
    );
    controller.abort();
  });
  return controller.signal;
}
