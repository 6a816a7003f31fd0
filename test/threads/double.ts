// What the threads of pool.test.ts do: double a number, fail, or wait until they are interrupted.

import { UserError } from "../../src/model/errors.js";
import { serve } from "../../src/threads/serve.js";

export type Task = number | "user" | "bug" | "wait";
export type Note = string;

serve<Task, number, Note>(async (task, note, signal) => {
  if (task === "user") throw new UserError("bad-option", "not so");
  if (task === "bug") throw new TypeError("a bug");
  if (task === "wait") {
    note("waiting");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return -1;
  }
  note(`doubling ${task}`);
  return 2 * task;
});
