// What the parent of a node's process tells it on standard input, a line of JSON each: faults of its machine. The end of the input tells it to
// stop.

import { Socket } from "node:net";
import { createInterface } from "node:readline";

/** A fault of one machine. */
export type MachineFault =
  /** Its clock jumps by so many milliseconds. */
  | { readonly clockMs: number }
  /** No space is left where its log is. */
  | { readonly disk: "full" };

/** Hears the commands on standard input, which has to be a pipe; ends with it. Waiting for more keeps no process alive: a node that fails ends. */
export function commands(hear: (fault: MachineFault) => void): Promise<void> {
  return new Promise((resolve) => {
    const input = new Socket({ fd: 0, readable: true, writable: false }).unref();
    input.on("error", () => resolve());
    createInterface({ input })
      .on("line", (line) => {
        if (line.trim() !== "") hear(JSON.parse(line) as MachineFault);
      })
      .on("close", resolve);
  });
}
